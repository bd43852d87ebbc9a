package io.v2ws.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostListTest {

    private static boolean accepts(String configured, String... header) {
        return new HostList(List.of(configured)).accepts(List.of(header));
    }

    @Test
    void emptyListAcceptsEverything() {
        HostList all = new HostList(List.of());
        assertThat(all.accepts(List.of())).isTrue();
        assertThat(all.accepts(List.of("any.example"))).isTrue();
        assertThat(all.accepts(List.of("any.example", "other.example"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "a.example,a.example,true",
        "a.example,A.EXAMPLE,true",
        "A.Example,a.example,true",
        "a.example,a.example:8443,true",
        "a.example,a.example.:8443,true",
        "a.example.,a.example,true",
        "a.example.:443,A.example.,true",
        "a.example:443,a.example,true",
        "' a.example ',a.example,true",
        "a.example,b.example,false",
        "a.example,www.a.example,false",
        "a.example,a.example.evil,false",
        "a.example,'',false",
        "a.example,:80,false",
        "::1,[::1],true",
        "[::1],[::1]:80,true",
        "[::1]:443,[::1]:80,true",
        "2001:DB8::a,[2001:db8::A]:1,true",
        "::1,[::2],false",
        "::1,[::1,false",
        "127.0.0.1,127.0.0.1:8080,true",
        "127.0.0.1,127.0.0.2,false"
    })
    void portAndCaseDoNotCount(String configured, String header, boolean accepted) {
        assertThat(accepts(configured, header)).isEqualTo(accepted);
    }

    @Test
    void missingAndRepeatedHostsAreNotAccepted() {
        assertThat(accepts("a.example")).isFalse();
        assertThat(accepts("a.example", "a.example", "a.example")).isFalse();
    }

    @Test
    void anyOfSeveralHosts() {
        HostList hosts = new HostList(List.of("a.example", "b.example"));
        assertThat(hosts.accepts(List.of("b.example:1"))).isTrue();
        assertThat(hosts.accepts(List.of("c.example"))).isFalse();
    }
}
