package io.v2ws.examples.embedded;

// snippet admit
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.server.Admission;
import io.v2ws.server.TunnelHandler;
import io.v2ws.server.WebSocketUpgradeFilter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A tunnel for those who have a token. Everybody else sees the site. */
final class AdmissionExample {
    static WebSocketUpgradeFilter filter(WebSocketTransportOptions options, TunnelHandler handler, String token) {
        byte[] expected = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
        Admission tokenOnly = request -> {
            String credentials = request.getHeader("Authorization");
            boolean right = credentials != null
                    && MessageDigest.isEqual(credentials.getBytes(StandardCharsets.UTF_8), expected);
            return right ? Admission.Decision.ADMIT : Admission.Decision.PASS_ON;
        };
        return WebSocketUpgradeFilter.builder(options, handler).admit(tokenOnly).build();
    }

    private AdmissionExample() {}
}
// end
