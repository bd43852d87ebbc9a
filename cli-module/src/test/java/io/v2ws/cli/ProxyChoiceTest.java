package io.v2ws.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.v2ws.HostAndPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyChoiceTest {
    private static ProxyChoice choose(String given, boolean secure, String host, Map<String, String> environment) {
        return ProxyChoice.of(given, secure, new HostAndPort(host, 443), environment, null);
    }

    @ParameterizedTest
    @CsvSource({
        "HTTPS_PROXY, true, http://p:1",
        "https_proxy, true, http://p:1",
        "WSS_PROXY, true, http://p:1",
        "ALL_PROXY, true, http://p:1",
        "all_proxy, false, http://p:1",
        "http_proxy, false, http://p:1",
        "ws_proxy, false, http://p:1",
        "HTTP_PROXY, false,",
        "http_proxy, true,",
        "HTTPS_PROXY, false,",
    })
    void theVariablesAreThoseOfCurl(String variable, boolean secure, String expected) {
        ProxyChoice choice = choose(null, secure, "example.com", Map.of(variable, "http://p:1"));
        assertThat(choice.url()).isEqualTo(expected);
        assertThat(choice.describe())
                .isEqualTo(
                        expected == null
                                ? "no proxy: the environment names none"
                                : "proxy: http://p:1, from " + variable);
    }

    @Test
    void theVariableOfTheSchemeComesBeforeThatForAll() {
        Map<String, String> both = Map.of("ALL_PROXY", "socks5://all:1", "HTTPS_PROXY", "http://one:2");
        assertThat(choose(null, true, "example.com", both).url()).isEqualTo("http://one:2");
        assertThat(choose(null, false, "example.com", both).url()).isEqualTo("socks5://all:1");
    }

    @Test
    void aValueWithoutASchemeIsAnHttpProxyAndAnEmptyOneNone() {
        assertThat(choose(null, true, "h", Map.of("HTTPS_PROXY", "p:3128")).url())
                .isEqualTo("http://p:3128");
        assertThat(choose(null, true, "h", Map.of("https_proxy", "", "ALL_PROXY", "p:1"))
                        .url())
                .isEqualTo("http://p:1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "example.com | example.com | true",
                "a.example.com | example.com | true",
                "a.example.com | .example.com | true",
                "EXAMPLE.com. | Example.COM | true",
                "notexample.com | example.com | false",
                "example.com | a.example.com | false",
                "anything | * | true",
                "anything | x, y *, z | true",
                "a.b | x,a.b , y | true",
                "a.b | x a.b y | true",
                "10.1.2.3 | 10.0.0.0/8 | true",
                "11.1.2.3 | 10.0.0.0/8 | false",
                "10.1.2.3 | 10.1.2.3 | true",
                "10.1.2.3 | 3 | false",
                "::1 | ::1 | true",
                "::1 | [::1] | true",
                "fd00::7 | fd00::/8 | true",
                "localhost | 127.0.0.1 | false",
                "localhost | localhost | true",
            })
    void noProxyIsReadAsCurlReadsIt(String host, String list, boolean direct) {
        for (String variable : List.of("NO_PROXY", "no_proxy")) {
            ProxyChoice choice = choose(null, true, host, Map.of("HTTPS_PROXY", "http://p:1", variable, list));
            assertThat(choice.url() == null).isEqualTo(direct);
            assertThat(choice.describe()).startsWith(direct ? "no proxy: " + variable + " has " : "proxy: ");
        }
    }

    @Test
    void loopbackGoesThroughTheProxyTooAsWithCurl() {
        assertThat(choose(null, true, "127.0.0.1", Map.of("ALL_PROXY", "http://p:1"))
                        .url())
                .isEqualTo("http://p:1");
    }

    @Test
    void noneAndAnUrlIgnoreTheEnvironment() {
        Map<String, String> environment = Map.of("ALL_PROXY", "http://p:1", "NO_PROXY", "*");
        assertThat(choose("none", true, "h", environment).url()).isNull();
        assertThat(choose("http://mine:2", true, "h", environment).url()).isEqualTo("http://mine:2");
    }

    @Test
    void noPasswordIsShown() {
        Map<String, String> environment = Map.of("HTTPS_PROXY", "http://me:secret@p:1");
        assertThat(choose(null, true, "h", environment).url()).contains("secret");
        assertThat(choose(null, true, "h", environment).describe())
                .doesNotContain("secret")
                .contains("p:1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> choose(null, true, "h", Map.of("HTTPS_PROXY", "http://me:sec#ret@p:1")))
                .withMessageStartingWith("HTTPS_PROXY: ")
                .satisfies(x -> assertThat(x.getMessage()).doesNotContain("ret"));
    }

    @Test
    void aProxyOfAnotherKindIsAnErrorAndNotBypassed() {
        for (String url : List.of("https://p:1", "socks4://p:1")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> choose(null, true, "h", Map.of("HTTPS_PROXY", url)))
                    .withMessageContaining("HTTPS_PROXY: ")
                    .withMessageContaining("--proxy none");
        }
    }

    @Test
    void systemAsksJavaFirstAndThenTheEnvironment() {
        List<URI> asked = new ArrayList<>();
        List<Proxy> answer = new ArrayList<>(
                List.of(new Proxy(Proxy.Type.SOCKS, InetSocketAddress.createUnresolved("java", 1080)), Proxy.NO_PROXY));
        ProxySelector selector = new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                asked.add(uri);
                return answer;
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
        };
        Map<String, String> environment = Map.of("ALL_PROXY", "http://env:1");
        HostAndPort target = new HostAndPort("::1", 8443);

        assertThat(ProxyChoice.of("system", true, target, environment, selector).url())
                .isEqualTo("socks5://java:1080");
        answer.remove(0);
        assertThat(ProxyChoice.of("system", false, target, environment, selector)
                        .url())
                .isEqualTo("http://env:1");
        assertThat(asked).containsExactly(URI.create("https://[::1]:8443/"), URI.create("http://[::1]:8443/"));
        // Without --proxy only the environment counts.
        assertThat(ProxyChoice.of(null, true, target, Map.of(), selector).url()).isNull();
        assertThat(asked).hasSize(2);
    }
}
