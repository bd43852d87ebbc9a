package io.v2ws.server;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a part of a file, without a thread that waits for a slow reader where filters and servlet allow that. Closes
 * the file.
 */
final class FileBody implements WriteListener {
    private static final Logger LOG = LoggerFactory.getLogger(FolderSite.class);
    private static final int PIECE = 32 * 1024;

    private final FileChannel file;
    private final ServletOutputStream out;
    /** Null if the response is written by blocking. */
    private final AsyncContext async;

    private final ByteBuffer piece = ByteBuffer.allocate(PIECE);
    private long position;
    private long missing;

    private FileBody(FileChannel file, ByteRange range, ServletOutputStream out, AsyncContext async) {
        this.file = file;
        this.position = range.first();
        this.missing = range.length();
        this.out = out;
        this.async = async;
    }

    /** Sends it, and returns perhaps before it is sent. */
    static void send(FileChannel file, ByteRange range, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        ServletOutputStream out = response.getOutputStream();
        if (!request.isAsyncSupported()) {
            try (file) {
                FileBody body = new FileBody(file, range, out, null);
                while (body.readPiece()) {
                    body.writePiece();
                }
            }
            return;
        }
        AsyncContext async = request.startAsync();
        // The container's timeout of a write that does not progress counts, not one for the whole file.
        async.setTimeout(0);
        out.setWriteListener(new FileBody(file, range, out, async));
    }

    @Override
    public void onWritePossible() throws IOException {
        while (out.isReady()) {
            if (!readPiece()) {
                file.close();
                async.complete();
                return;
            }
            writePiece();
        }
    }

    @Override
    public void onError(Throwable failure) {
        LOG.debug("A visitor left before he had the whole file: {}", failure.toString());
        try {
            file.close();
        } catch (IOException x) {
            throw new UncheckedIOException(x);
        } finally {
            async.complete();
        }
    }

    /** Reads the next piece; false if there is none. A file that became shorter ends the response too early. */
    private boolean readPiece() throws IOException {
        piece.clear().limit((int) Math.min(missing, PIECE));
        int count = missing == 0 ? -1 : file.read(piece, position);
        if (count <= 0) {
            return false;
        }
        position += count;
        missing -= count;
        return true;
    }

    private void writePiece() throws IOException {
        out.write(piece.array(), 0, piece.position());
    }
}
