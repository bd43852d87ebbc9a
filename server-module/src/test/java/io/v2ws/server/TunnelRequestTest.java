package io.v2ws.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawHandshake;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.TestCertificates;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.util.EnumSet;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a handler gets to know of the upgrade request. */
@ExtendWith(LeakCheck.class)
class TunnelRequestTest {
    private static final WebSocketTransportOptions OPTIONS =
            WebSocketTransportOptions.builder().path("/tunnel").build();
    private static final TestCertificates CERTIFICATES = TestCertificates.get();

    @Test
    void plainRequestOfAStrangerHasNoUserNoTlsAndNoAttributes() throws Exception {
        try (FilteredSite site = FilteredSite.plain("/tunnel")) {
            TunnelRequest request = site.deliver(RawHandshake.to("/tunnel")).request();
            assertThat(request.remoteUser()).isEmpty();
            assertThat(request.principal()).isEmpty();
            assertThat(request.tlsProtocol()).isEmpty();
            assertThat(request.tlsCipherSuite()).isEmpty();
            assertThat(request.peerCertificates()).isEmpty();
            assertThat(request.attributes()).isEmpty();
        }
    }

    @Test
    void attributesOfEarlierFiltersAreReadAtTheUpgrade() throws Exception {
        Filter tagging = (request, response, chain) -> {
            request.setAttribute("tenant", "blue");
            chain.doFilter(request, response);
            request.setAttribute("tenant", "too late");
        };
        try (FilteredSite site = FilteredSite.start(
                OPTIONS,
                filter -> filter.admit(request -> {
                    request.setAttribute("decided", true);
                    return Admission.Decision.ADMIT;
                }),
                jetty -> jetty.configureContext(context -> {
                    FilterHolder holder = new FilterHolder(tagging);
                    holder.setAsyncSupported(true);
                    context.getServletHandler().prependFilter(holder);
                    context.getServletHandler().prependFilterMapping(mapping(holder));
                }))) {
            TunnelRequest request = site.deliver(RawHandshake.to("/tunnel")).request();
            assertThat(request.attributes()).isEqualTo(Map.of("tenant", "blue", "decided", true));
            assertThatThrownBy(() -> request.attributes().clear()).isInstanceOf(UnsupportedOperationException.class);
        }
    }

    private static org.eclipse.jetty.ee11.servlet.FilterMapping mapping(FilterHolder holder) {
        var mapping = new org.eclipse.jetty.ee11.servlet.FilterMapping();
        mapping.setFilterName(holder.getName());
        mapping.setPathSpec("/*");
        mapping.setDispatcherTypes(EnumSet.of(DispatcherType.REQUEST));
        return mapping;
    }

    @Test
    void tlsSessionAndClientCertificateAreRead() throws Exception {
        try (FilteredSite site = FilteredSite.start(OPTIONS, filter -> {}, jetty -> jetty.tls(wantingCertificates()))) {
            SSLContext client = CERTIFICATES.contextOf(CERTIFICATES.client());
            try (SSLSocket socket = (SSLSocket) client.getSocketFactory()
                            .createSocket("127.0.0.1", site.jetty().port());
                    RawWebSocketPeer peer = RawWebSocketPeer.client(socket)) {
                TunnelRequest request =
                        site.deliver(peer, RawHandshake.to("/tunnel")).request();
                assertThat(request.tlsProtocol()).contains(socket.getSession().getProtocol());
                assertThat(request.tlsCipherSuite())
                        .contains(socket.getSession().getCipherSuite());
                assertThat(request.peerCertificates().get(0))
                        .isEqualTo(CERTIFICATES.client().certificate());
            }
        }
    }

    @Test
    void clientWithoutCertificateHasNone() throws Exception {
        try (FilteredSite site = FilteredSite.start(OPTIONS, filter -> {}, jetty -> jetty.tls(wantingCertificates()));
                RawWebSocketPeer peer = CERTIFICATES.connect(site.jetty().address())) {
            TunnelRequest request =
                    site.deliver(peer, RawHandshake.to("/tunnel")).request();
            assertThat(request.tlsProtocol()).isPresent();
            assertThat(request.peerCertificates()).isEmpty();
        }
    }

    private static SslContextFactory.Server wantingCertificates() {
        SslContextFactory.Server ssl = new SslContextFactory.Server();
        ssl.setKeyStorePath(CERTIFICATES.server().keyStore().toString());
        ssl.setKeyStorePassword(TestCertificates.PASSWORD);
        ssl.setTrustStorePath(CERTIFICATES.trustStore().toString());
        ssl.setTrustStorePassword(TestCertificates.PASSWORD);
        ssl.setWantClientAuth(true);
        return ssl;
    }
}
