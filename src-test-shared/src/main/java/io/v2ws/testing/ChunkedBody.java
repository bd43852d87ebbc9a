package io.v2ws.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads a body in HTTP/1.1 chunks (RFC 9112 section 7.1), without trailers. */
final class ChunkedBody {

    private ChunkedBody() {}

    static byte[] read(InputStream stream) throws IOException {
        DataInputStream in = new DataInputStream(stream);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = readSize(in); size > 0; size = readSize(in)) {
            byte[] chunk = new byte[size];
            in.readFully(chunk);
            body.writeBytes(chunk);
            readLine(in);
        }
        readLine(in);
        return body.toByteArray();
    }

    private static int readSize(DataInputStream in) throws IOException {
        String line = readLine(in);
        int extension = line.indexOf(';');
        return Integer.parseInt((extension < 0 ? line : line.substring(0, extension)).strip(), 16);
    }

    private static String readLine(DataInputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.readUnsignedByte(); next != '\n'; next = in.readUnsignedByte()) {
            line.append((char) next);
        }
        return line.toString().strip();
    }
}
