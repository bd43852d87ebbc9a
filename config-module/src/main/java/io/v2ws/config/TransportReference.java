package io.v2ws.config;

import java.nio.file.Path;
import java.util.Optional;

/** The {@code "transport"} of our own files where it is not sing-box's object: another program's, or a file or link. */
final class TransportReference {
    private TransportReference() {}

    /**
     * Reads what {@code "transport"} and {@code "tag"} name.
     *
     * @param file the file they stand in; relative names begin at its folder
     * @return empty where it is a sing-box transport object, or absent
     */
    static Optional<ConfigReading> read(ConfigObject object, Path file, TunnelEnd side) throws ConfigException {
        Optional<ConfigNode> transport = object.get("transport");
        Optional<ConfigNode> tag = object.get("tag");
        boolean isName = transport.isPresent() && transport.get().stringText().isPresent();
        if (tag.isPresent() && !isName) {
            throw tag.get().errorAtKey("expected beside a \"transport\" that names a file or link, got it elsewhere");
        }
        if (isName) {
            Path folder = Optional.ofNullable(file.getParent()).orElse(Path.of(""));
            Optional<String> name = tag.isPresent() ? Optional.of(tag.get().asString()) : Optional.empty();
            ConfigSource source = ConfigSource.of(transport.get().asText(), folder);
            return Optional.of(Dialects.read(source, Optional.empty(), name, side));
        }
        boolean singBox = transport.isEmpty() || !transport.get().isObject() || isSingBox(transport.get());
        return singBox ? Optional.empty() : Optional.of(Dialects.read(transport.get(), side));
    }

    /** Whether it is a transport object, or wants to be one: whatever has nothing that only others have. */
    private static boolean isSingBox(ConfigNode transport) throws ConfigException {
        ConfigObject object = transport.asObject();
        return object.keys().contains("type") || !DialectTree.isOther(object);
    }
}
