package io.v2ws.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RequestTargetTest {
    private static List<Object[]> targets() {
        return List.of(
                new Object[] {"/plain/path", "/plain/path"},
                new Object[] {"/a b", "/a%20b"},
                new Object[] {"/\u00e4\u20ac", "/%C3%A4%E2%82%AC"},
                new Object[] {"/\ud83d\ude00", "/%F0%9F%98%80"},
                new Object[] {"/a%2Fb%2fc", "/a%2Fb%2fc"},
                new Object[] {"/100%", "/100%25"},
                new Object[] {"/%4", "/%254"},
                new Object[] {"/%zz", "/%25zz"},
                new Object[] {"/?a=b&c=d?e", "/?a=b&c=d?e"},
                new Object[] {"/\"<>\\^`{|}[]#", "/%22%3C%3E%5C%5E%60%7B%7C%7D%5B%5D%23"},
                new Object[] {"/\r\n\0\u007f", "/%0D%0A%00%7F"},
                new Object[] {"/-._~!$&'()*+,;=:@", "/-._~!$&'()*+,;=:@"},
                new Object[] {"", ""});
    }

    @ParameterizedTest
    @MethodSource("targets")
    void whatMayNotStandInARequestLineIsEncodedAndNothingElse(String target, String expected) {
        assertThat(RequestTarget.encode(target)).isEqualTo(expected);
    }

    @Test
    void encodingTwiceChangesNothing() {
        for (Object[] target : targets()) {
            String once = RequestTarget.encode((String) target[0]);
            assertThat(RequestTarget.encode(once)).isEqualTo(once);
        }
    }
}
