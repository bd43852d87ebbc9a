package io.v2ws.internal.net;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A block of IP addresses such as {@code 10.0.0.0/8}, {@code 2001:db8::/32} or a single address.
 *
 * @param network an address of the block
 * @param prefix how many leading bits all addresses of the block share
 */
public record CidrBlock(InetAddress network, int prefix) {

    /**
     * Reads {@code address} or {@code address/prefix}.
     *
     * @throws IllegalArgumentException saying what was expected and what came
     */
    public static CidrBlock parse(String text) {
        int slash = text.indexOf('/');
        InetAddress network = IpLiteral.parse(slash < 0 ? text : text.substring(0, slash));
        if (network == null) {
            throw new IllegalArgumentException(
                    "expected an address or network such as \"10.0.0.0/8\" or \"::1\", got " + Printable.quoted(text));
        }
        int bits = network.getAddress().length * Byte.SIZE;
        String length = slash < 0 ? Integer.toString(bits) : text.substring(slash + 1);
        if (!length.matches("[0-9]{1,3}") || Integer.parseInt(length) > bits) {
            throw new IllegalArgumentException(
                    "expected a prefix length from 0 to " + bits + ", got " + Printable.quoted(text));
        }
        CidrBlock block = new CidrBlock(network, Integer.parseInt(length));
        CidrBlock whole = block.withoutBitsBehindPrefix();
        if (!whole.equals(block)) {
            throw new IllegalArgumentException("expected a network, " + whole + ", or the address alone, got "
                    + Printable.quoted(text) + ", which has bits behind the prefix");
        }
        return block;
    }

    private CidrBlock withoutBitsBehindPrefix() {
        byte[] bytes = network.getAddress();
        for (int bit = prefix; bit < bytes.length * Byte.SIZE; bit++) {
            bytes[bit / Byte.SIZE] &= (byte) ~(0x80 >> bit % Byte.SIZE);
        }
        try {
            return new CidrBlock(InetAddress.getByAddress(bytes), prefix);
        } catch (UnknownHostException wrongLength) {
            throw new IllegalStateException(wrongLength);
        }
    }

    /** Returns the form {@link #parse} reads, always with the prefix length. */
    @Override
    public String toString() {
        return network.getHostAddress() + "/" + prefix;
    }

    /** Whether an address lies in the block; one of the other family never does. */
    public boolean contains(InetAddress address) {
        byte[] ours = network.getAddress();
        byte[] theirs = address.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit += Byte.SIZE) {
            int mask = prefix - bit >= Byte.SIZE ? 0xff : 0xff << (Byte.SIZE - (prefix - bit));
            if (((ours[bit / Byte.SIZE] ^ theirs[bit / Byte.SIZE]) & mask & 0xff) != 0) {
                return false;
            }
        }
        return true;
    }
}
