package io.v2ws.config;

import io.v2ws.HostAndPort;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What the files of both ends have in common. */
final class Settings {
    private Settings() {}

    /** Returns what stands in a file of v2ws, and not in that of another program. */
    static ConfigObject ownFile(Path file) throws ConfigException {
        ConfigObject object = ConfigNode.read(file).asObject();
        for (String key : List.of("outbounds", "inbounds", "proxies", "streamSettings")) {
            Optional<ConfigNode> value = object.get(key);
            if (value.isPresent()) {
                throw value.get()
                        .errorAtKey("expected a file of v2ws, got that of another program, which is read by"
                                + " --transport FILE and --tag NAME");
            }
        }
        return object;
    }

    /** Returns the address of a key to listen on; port 0 lets the system choose. */
    static Optional<HostAndPort> listenAddress(ConfigObject object, String key) throws ConfigException {
        Optional<ConfigNode> value = object.get(key);
        return value.isPresent() ? Optional.of(value.get().asHostAndPort()) : Optional.empty();
    }

    /** Returns the address of a key to connect to. */
    static Optional<HostAndPort> peerAddress(ConfigObject object, String key) throws ConfigException {
        Optional<HostAndPort> address = listenAddress(object, key);
        if (address.isPresent()
                && (address.get().port() < 1 || address.get().host().isEmpty())) {
            throw object.require(key, "an address").expected("a host and a port from 1 to 65535");
        }
        return address;
    }

    /** Returns the file of a key, relative to the folder of the configuration file. */
    static Optional<Path> file(ConfigObject object, String key, Path configFile) throws ConfigException {
        Optional<String> name = object.getText(key);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        ConfigNode value = object.require(key, "a file");
        try {
            return Optional.of(configFile.resolveSibling(name.get()));
        } catch (InvalidPathException e) {
            throw value.expected("the name of a file");
        }
    }

    /** Returns the file of a key as written, where the key is there. */
    static Optional<Path> path(ConfigObject object, String key) throws ConfigException {
        return file(object, key, Path.of(""));
    }

    /** Makes sure that a certificate comes with its key, and a key with its certificate. */
    static void requireBothHalves(ConfigObject object, String certificate, String key) throws ConfigException {
        ConfigNode certificateValue = object.get(certificate).orElse(null);
        ConfigNode keyValue = object.get(key).orElse(null);
        try {
            TlsRules.requireBothHalves(certificate, certificateValue, key, keyValue);
        } catch (IllegalArgumentException x) {
            throw (certificateValue == null ? keyValue : certificateValue).error(x.getMessage());
        }
    }
}
