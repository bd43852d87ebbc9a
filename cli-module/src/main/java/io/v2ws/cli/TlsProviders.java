package io.v2ws.cli;

import java.security.Provider;
import java.security.Security;
import java.util.Iterator;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** Finds a TLS provider by its name: in the JVM's list, or on the class path. */
final class TlsProviders {
    private static final String CONSCRYPT = "Conscrypt";

    private TlsProviders() {}

    /**
     * Returns the provider with a name.
     *
     * @param name the provider's name, in any case; null for the JVM's own TLS
     * @return null for null
     * @throws IllegalArgumentException if there is no such provider, or it does no TLS on this machine
     */
    static Provider named(String name) {
        if (name == null) {
            return null;
        }
        Provider provider = installed(name)
                .or(() -> onClassPath(name))
                .or(() -> conscrypt(name))
                .orElseThrow(() -> missing(name));
        if (provider.getService("SSLContext", "TLS") == null) {
            throw new IllegalArgumentException("--tls-provider: expected one that does TLS, got " + provider.getName());
        }
        return provider;
    }

    private static Optional<Provider> installed(String name) {
        for (Provider provider : Security.getProviders()) {
            if (provider.getName().equalsIgnoreCase(name)) {
                return Optional.of(provider);
            }
        }
        return Optional.empty();
    }

    private static Optional<Provider> onClassPath(String name) {
        Iterator<Provider> found = ServiceLoader.load(Provider.class).iterator();
        try {
            while (found.hasNext()) {
                Provider provider = found.next();
                if (provider.getName().equalsIgnoreCase(name)) {
                    return Optional.of(provider);
                }
            }
        } catch (ServiceConfigurationError x) {
            throw new IllegalArgumentException("--tls-provider: cannot load one: " + x.getMessage(), x);
        }
        return Optional.empty();
    }

    /** Conscrypt does not register itself as a service, unlike other providers. */
    private static Optional<Provider> conscrypt(String name) {
        if (!name.equalsIgnoreCase(CONSCRYPT)) {
            return Optional.empty();
        }
        try {
            Class<?> type = Class.forName("org.conscrypt.OpenSSLProvider");
            return Optional.of((Provider) type.getConstructor().newInstance());
        } catch (ClassNotFoundException x) {
            return Optional.empty();
        } catch (ReflectiveOperationException | LinkageError x) {
            Throwable cause = x.getCause() == null ? x : x.getCause();
            throw new IllegalArgumentException(
                    "--tls-provider: Conscrypt does not run on this machine (" + System.getProperty("os.name") + ", "
                            + System.getProperty("os.arch") + "): " + cause,
                    x);
        }
    }

    private static IllegalArgumentException missing(String name) {
        String hint = name.equalsIgnoreCase(CONSCRYPT)
                ? "; put conscrypt-openjdk-uber.jar beside v2ws.jar, under this name"
                : "; start as: java -cp v2ws.jar:PROVIDER.jar io.v2ws.cli.Main";
        return new IllegalArgumentException("--tls-provider: found no " + name + hint);
    }
}
