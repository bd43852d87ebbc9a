package io.v2ws.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * The beginning of the body of a refusal: {@value #MOST} bytes at most, and what came within {@value #PATIENCE} ms of
 * the head. Then the response is aborted. Calls come one at a time; the text is read behind them.
 */
final class RefusalBody implements Response.ContentListener {
    /** Bytes that are kept. */
    static final int MOST = 1024;

    private static final int PATIENCE = 250;

    private final Scheduler scheduler;
    /** Its beginning, as the end may be cut off. */
    private final String earlyData;
    /** Guarded by this object's monitor. */
    private final ByteBuffer bytes = ByteBuffer.allocate(MOST);

    private volatile Scheduler.Task timer;

    /**
     * Makes it for one request.
     *
     * @param earlyData of the request, in base64url; nothing from it on is kept: it is the user's
     */
    RefusalBody(Scheduler scheduler, String earlyData) {
        this.scheduler = scheduler;
        this.earlyData = earlyData.substring(0, Math.min(8, earlyData.length()));
    }

    /** The head of a refusal came. */
    void begin(Response head) {
        timer = scheduler.schedule(() -> abort(head), PATIENCE, TimeUnit.MILLISECONDS);
    }

    private static void abort(Response refusal) {
        refusal.abort(new IOException("refused with status " + refusal.getStatus()));
    }

    @Override
    public void onContent(Response response, ByteBuffer content) {
        if (response.getStatus() == 101) {
            return;
        }
        boolean full;
        synchronized (this) {
            content.limit(content.position() + Math.min(content.remaining(), bytes.remaining()));
            bytes.put(content);
            full = !bytes.hasRemaining();
        }
        if (full) {
            abort(response);
        }
    }

    /** No more is expected. */
    void end() {
        Scheduler.Task waiting = timer;
        if (waiting != null) {
            waiting.cancel();
        }
    }

    /** Returns what came as text; empty for none, and for a body in a content coding such as gzip. */
    synchronized String text(HttpFields head) {
        String text = text(
                head.get(HttpHeader.CONTENT_TYPE),
                head.get(HttpHeader.CONTENT_ENCODING),
                ByteBuffer.wrap(bytes.array(), 0, bytes.position()));
        int repeated = earlyData.isEmpty() ? -1 : text.indexOf(earlyData);
        return repeated < 0 ? text : text.substring(0, repeated);
    }

    /**
     * Returns the beginning of a body as text.
     *
     * @param type the value of {@code Content-Type}; null for none
     * @param coding the value of {@code Content-Encoding}; null for none
     * @param body 1 KiB of it is used at most
     */
    static String text(String type, String coding, ByteBuffer body) {
        if (coding != null && !coding.equalsIgnoreCase("identity")) {
            return "";
        }
        ByteBuffer first = body.slice(body.position(), Math.min(MOST, body.remaining()));
        String text = charset(type).decode(first).toString();
        // A character that the limit has cut.
        return text.endsWith("\ufffd") ? text.substring(0, text.length() - 1) : text;
    }

    private static Charset charset(String type) {
        try {
            String name = type == null ? null : MimeTypes.getCharsetFromContentType(type);
            return name == null ? StandardCharsets.UTF_8 : Charset.forName(name);
        } catch (IllegalArgumentException unknown) {
            return StandardCharsets.UTF_8;
        }
    }
}
