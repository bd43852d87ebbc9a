package io.v2ws.server;

import jakarta.servlet.http.HttpServletRequest;

/**
 * Decides who may open a tunnel, before the 101 goes out; see {@link WebSocketUpgradeFilter.Builder#admit}.
 *
 * <p>It is asked once for each upgrade request that is for the tunnel (path and host match), also for one that is
 * malformed or has undecodable early data. Rule S17 of the wire contract.
 *
 * <p>A tunnel for signed-in users only, which nobody else can find:
 *
 * <pre>{@code
 * Admission signedInOnly =
 *         request -> request.getUserPrincipal() == null ? Admission.Decision.PASS_ON : Admission.Decision.ADMIT;
 * var filter = WebSocketUpgradeFilter.builder(options, handler).admit(signedInOnly).build();
 * }</pre>
 */
@FunctionalInterface
public interface Admission {

    /**
     * Decides about a request. Called on the thread that handles the request, possibly for several requests at once. It
     * must not read the body, start asynchronous processing, or commit the response.
     *
     * <p>In path mode the request target holds early data, in header mode the header does: do not log them.
     *
     * @return never null
     * @throws Exception if it cannot decide: the client gets an empty 500, and the exception is logged
     */
    Decision decide(HttpServletRequest request) throws Exception;

    /** What becomes of a request. */
    final class Decision {
        /** The request opens a tunnel if it is valid. */
        public static final Decision ADMIT = new Decision(0);

        /**
         * The request goes down the filter chain, untouched, as if there were no tunnel. The site answers as it does
         * on any other path, so nothing shows that there is a tunnel.
         */
        public static final Decision PASS_ON = new Decision(0);

        /** 0 unless this is a refusal. */
        private final int status;

        private Decision(int status) {
            this.status = status;
        }

        /**
         * Returns the decision to refuse a request: this status, an empty body, and {@code Connection: close}. Unlike
         * {@link #PASS_ON} it shows that there is something at this path.
         *
         * @param status 400 to 599; mostly 403. 401 would need a {@code WWW-Authenticate} header (RFC 9110, 15.5.2)
         */
        public static Decision refuse(int status) {
            if (status < 400 || status > 599) {
                throw new IllegalArgumentException("status: expected 400 to 599, got " + status);
            }
            return new Decision(status);
        }

        int status() {
            return status;
        }

        @Override
        public String toString() {
            return this == ADMIT ? "ADMIT" : this == PASS_ON ? "PASS_ON" : "refuse(" + status + ")";
        }
    }
}
