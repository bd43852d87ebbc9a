package io.v2ws.internal.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * Jetty's TLS connection with several records to a system call, in both directions, where Jetty has one: a write or a
 * read of the network costs about as much as the encryption of a record.
 */
public final class TlsConnection extends SslConnection {
    /** Four full records, and a fifth for the rest of a frame that fills 64 KiB. */
    private static final int BULK = 84 * 1024;

    private static final int RECORD_HEADER = 5;

    private static final ByteBuffer[] NO_DATA = {BufferUtil.EMPTY_BUFFER};

    /** Set where the engine did not take what looks like a whole record: only the network can tell more. */
    private boolean starved;

    private volatile boolean closeNotified;

    /** The rest of an encrypted session ticket that has not found room in a buffer, or null. */
    private ByteBuffer ticket;

    private final Buffers buffers;

    /**
     * As {@link SslConnection}'s.
     *
     * @param large where the large buffers come from, see {@link #newLargeBuffers}
     */
    public TlsConnection(
            ByteBufferPool pool,
            ByteBufferPool large,
            Executor executor,
            SslContextFactory sslContextFactory,
            EndPoint endPoint,
            SSLEngine engine) {
        this(new Buffers(pool, large), executor, sslContextFactory, endPoint, engine);
    }

    private TlsConnection(
            Buffers buffers, Executor executor, SslContextFactory context, EndPoint endPoint, SSLEngine engine) {
        super(buffers, executor, context, endPoint, engine, !isOfJdk(engine), true);
        this.buffers = buffers;
    }

    /**
     * The JDK encrypts and decrypts where the record lies, but copies it out of and into a direct buffer, 1,024 bytes
     * at a time; that costs more than copying it for the network once. Others work on native memory.
     */
    private static boolean isOfJdk(SSLEngine engine) {
        return engine.getClass().getModule() == SSLEngine.class.getModule();
    }

    /** Makes a pool for the large buffers of one client or server: those of Jetty keep none of this size. */
    public static ByteBufferPool newLargeBuffers() {
        return new ArrayByteBufferPool(BULK, BULK, BULK);
    }

    /**
     * Large buffers for a connection that has filled one of the usual size. A peer that sends half a record makes us
     * hold a buffer until the rest comes; that of one who has not sent or got much shall be small.
     */
    private static final class Buffers extends ByteBufferPool.Wrapper {
        private final ByteBufferPool large;
        private volatile boolean enlarged;

        Buffers(ByteBufferPool usual, ByteBufferPool large) {
            super(usual);
            this.large = large;
        }

        void enlarge() {
            if (!enlarged) {
                enlarged = true;
            }
        }

        @Override
        public RetainableByteBuffer.Mutable acquire(int size, boolean direct) {
            return enlarged ? large.acquire(Math.max(size, BULK), direct) : super.acquire(size, direct);
        }
    }

    @Override
    protected SSLEngineResult wrap(SSLEngine engine, ByteBuffer[] input, ByteBuffer output) throws SSLException {
        if (ticket != null) {
            return putTicket(0, 0, output);
        }
        SSLEngineResult result = wrapRecords(engine, input, output);
        boolean ticketIsDue = result.getStatus() == Status.OK
                && result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP
                && result.bytesConsumed() > 0
                && Arrays.stream(input).noneMatch(ByteBuffer::hasRemaining);
        if (!ticketIsDue) {
            return result;
        }
        wrapTicket(engine, output.isDirect());
        return putTicket(result.bytesConsumed(), result.bytesProduced(), output);
    }

    /**
     * Encrypts what the JDK sends behind the first data of a server: one more session ticket (RFC 8446, 4.6.1), because
     * Jetty's {@code SecureRequestCustomizer} has put a value into the TLS session. Jetty would write it to the network
     * by itself. A peer that reads the 101 and then only sends would close with the ticket unread, as sing-box does,
     * and its kernel would answer that with a reset and drop what the peer had sent last.
     */
    private void wrapTicket(SSLEngine engine, boolean direct) throws SSLException {
        RetainableByteBuffer spare = buffers.acquire(engine.getSession().getPacketBufferSize(), direct);
        try {
            ByteBuffer room = spare.getByteBuffer().clear();
            super.wrap(engine, NO_DATA, room);
            ticket = BufferUtil.copy(room.flip());
        } finally {
            spare.release();
        }
    }

    /** Puts the encrypted ticket behind what is in the buffer, as much as there is room for. */
    private SSLEngineResult putTicket(int consumed, int produced, ByteBuffer output) {
        int count = Math.min(ticket.remaining(), output.remaining());
        output.put(ticket.slice(ticket.position(), count));
        ticket.position(ticket.position() + count);
        HandshakeStatus status = HandshakeStatus.NOT_HANDSHAKING;
        if (ticket.hasRemaining()) {
            // Jetty wraps once more.
            status = HandshakeStatus.NEED_WRAP;
        } else {
            ticket = null;
        }
        return new SSLEngineResult(Status.OK, status, consumed, produced + count);
    }

    private SSLEngineResult wrapRecords(SSLEngine engine, ByteBuffer[] input, ByteBuffer output) throws SSLException {
        int record = engine.getSession().getPacketBufferSize();
        int consumed = 0;
        int produced = 0;
        while (true) {
            SSLEngineResult result = super.wrap(engine, input, output);
            if (result.getStatus() == Status.BUFFER_OVERFLOW && produced > 0) {
                // It wants more room than it said; that is Jetty's business once this much went out.
                return new SSLEngineResult(Status.OK, HandshakeStatus.NOT_HANDSHAKING, consumed, produced);
            }
            consumed += result.bytesConsumed();
            produced += result.bytesProduced();
            // Whatever is no plain record (the end, a key update) is Jetty's business at once.
            boolean more = result.getStatus() == Status.OK
                    && result.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
                    && result.bytesConsumed() > 0
                    && Arrays.stream(input).anyMatch(ByteBuffer::hasRemaining);
            if (more) {
                buffers.enlarge();
            }
            if (!more || output.remaining() < record) {
                return new SSLEngineResult(result.getStatus(), result.getHandshakeStatus(), consumed, produced);
            }
        }
    }

    @Override
    protected SSLEngineResult unwrap(SSLEngine engine, ByteBuffer input, ByteBuffer output) throws SSLException {
        SSLEngineResult result = super.unwrap(engine, input, output);
        closeNotified |= result.getStatus() == Status.CLOSED;
        starved = result.bytesConsumed() == 0 && result.bytesProduced() == 0;
        return result;
    }

    /** Whether the peer has sent its close_notify: an end of TCP behind it is no truncation (RFC 8446, 6.1). */
    public boolean isCloseNotified() {
        return closeNotified;
    }

    /** Reads only when there is no whole record left: Jetty asks before each one. */
    @Override
    protected int networkFill(ByteBuffer input) throws IOException {
        boolean enough =
                !starved && getSSLEngine().getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING && hasRecord(input);
        if (enough) {
            return 0;
        }
        int filled = super.networkFill(input);
        if (BufferUtil.space(input) == 0) {
            buffers.enlarge();
        }
        return filled;
    }

    /** RFC 8446, 5.1: type, version, length; the same in all versions. */
    private static boolean hasRecord(ByteBuffer input) {
        return input.remaining() >= RECORD_HEADER
                && input.remaining() - RECORD_HEADER >= (input.getShort(input.position() + 3) & 0xffff);
    }
}
