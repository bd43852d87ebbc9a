package io.v2ws.server;

import io.v2ws.internal.net.Printable;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Answers {@code /live} and {@code /ready} below a path, for load balancers and supervisors (S22). Immutable. */
final class HealthPages {
    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]+)+");

    private final String live;
    private final String ready;
    private final Health health;

    /**
     * Makes the pages.
     *
     * @param path as {@link #requirePath} returns it
     */
    HealthPages(String path, Health health) {
        this.live = path + "/live";
        this.ready = path + "/ready";
        this.health = health;
    }

    /**
     * Returns a path.
     *
     * @throws IllegalArgumentException if it is none that pages can be below
     */
    static String requirePath(String path) {
        if (!PATH.matcher(path).matches()) {
            throw new IllegalArgumentException(
                    "healthPath: expected a path such as /-/health, got " + Printable.quoted(path));
        }
        return path;
    }

    /** Answers the request if it is for one of the pages, else returns false. */
    boolean answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = TunnelRequestReader.head(request).path();
        if (path.equals(live)) {
            answer(true, "live\n", request, response);
        } else if (path.equals(ready)) {
            boolean isReady = health.isReady();
            answer(isReady, isReady ? "ready\n" : "not ready\n", request, response);
        } else {
            return false;
        }
        return true;
    }

    /** Says no more than that: anybody may ask who knows the path. */
    private static void answer(boolean good, String text, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("Connection", "close");
        if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            response.setHeader("Allow", "GET, HEAD");
            response.setStatus(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
            response.setContentLength(0);
            return;
        }
        response.setStatus(good ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        byte[] body = text.getBytes(StandardCharsets.US_ASCII);
        response.setContentType("text/plain");
        response.setContentLength(body.length);
        if (request.getMethod().equals("GET")) {
            response.getOutputStream().write(body);
        }
    }
}
