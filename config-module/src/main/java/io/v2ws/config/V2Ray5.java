package io.v2ws.config;

import java.util.List;
import java.util.Set;

/** The keys of v2ray 5's own format ({@code jsonv5}), by which it is told from that of v2ray 4 and Xray. */
final class V2Ray5 {
    /** The keys of {@code streamSettings} that only v2ray 5 has. */
    private static final Set<String> OWN_STREAM_KEYS =
            Set.of("transportSettings", "securitySettings", "socketSettings");

    /** The keys of {@code streamSettings} that are read. */
    static final List<String> STREAM_KEYS = List.of("transport", "transportSettings", "security", "securitySettings");

    private V2Ray5() {}

    /** Whether {@code streamSettings} are those of v2ray 5. */
    static boolean isStream(ConfigObject stream) {
        boolean named = stream.get("transport").flatMap(ConfigNode::stringText).isPresent();
        return named || stream.keys().stream().anyMatch(OWN_STREAM_KEYS::contains);
    }

    /** Whether an object holds {@code streamSettings} of v2ray 5 and nothing else. */
    static boolean isStreamAlone(ConfigObject object) {
        return isStream(object)
                && object.keys().stream().allMatch(key -> STREAM_KEYS.contains(key) || OWN_STREAM_KEYS.contains(key));
    }

    /** Returns the name of the transport; v2ray's default is TCP. */
    static String transport(ConfigObject stream) throws ConfigException {
        return Scalars.nonEmpty(stream, "transport").orElse("tcp");
    }
}
