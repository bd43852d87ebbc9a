package io.v2ws.config;

import io.v2ws.HostAndPort;
import java.util.List;
import java.util.Optional;

/**
 * What stands in the {@code settings} of an entry of Xray.
 *
 * @param server where an outbound connects to
 * @param account whose it is, where the protocol is known and the account is the only one
 */
record V2RayAccount(Optional<HostAndPort> server, Optional<Account> account) {
    static V2RayAccount of(ConfigObject entry, boolean inbound) throws ConfigException {
        Account.Protocol protocol =
                Account.Protocol.ofAnyCase(Scalars.text(entry, "protocol").orElse(""));
        Optional<ConfigNode> settings = entry.get("settings");
        if (settings.isEmpty()) {
            return new V2RayAccount(Optional.empty(), Optional.empty());
        }
        ConfigObject all = settings.get().asObject();
        if (inbound) {
            Optional<Account> listed = all.get("users").isPresent()
                    ? onlyUser(protocol, all.require("users", "a list"))
                    : account(protocol, only(all, "clients"));
            return new V2RayAccount(Optional.empty(), listed);
        }
        // Xray also takes what stands in the lists right in the settings.
        Optional<ConfigObject> nested = first(all, "vnext");
        ConfigObject server =
                nested.isPresent() ? nested.get() : first(all, "servers").orElse(all);
        Optional<ConfigObject> user = nested.isPresent() ? first(server, "users") : Optional.of(server);
        return new V2RayAccount(Scalars.address(server, "address", "port"), account(protocol, user));
    }

    private static Optional<Account> account(Account.Protocol protocol, Optional<ConfigObject> user)
            throws ConfigException {
        if (protocol == null || user.isEmpty()) {
            return Optional.empty();
        }
        ConfigObject object = user.get();
        // v2ray 5 calls the id "uuid".
        String id = object.get("id").isPresent() ? "id" : "uuid";
        Optional<String> secret = Scalars.secret(object, protocol == Account.Protocol.TROJAN ? "password" : id);
        if (secret.isEmpty()) {
            return Optional.empty();
        }
        Account account = Account.of(protocol, secret.get());
        return switch (protocol) {
            case VLESS ->
                Optional.of(
                        account.withCipher(Scalars.text(object, "encryption").orElse(""))
                                .withFlow(Scalars.text(object, "flow").orElse("")));
            case TROJAN -> Optional.of(account);
            case VMESS ->
                Optional.of(account.withCipher(Scalars.text(object, "security").orElse(""))
                        .withAlterId(
                                Scalars.number(object, "alterId", 0, 65_535).orElse(0)));
        };
    }

    /** Warns of what an entry of v2ray 5 has in its {@code settings} that is not read. */
    void warnOfUnused(ConfigObject entry, Warnings warnings) throws ConfigException {
        Optional<ConfigNode> settings = entry.get("settings");
        if (settings.isPresent()) {
            warnings.addUnused(settings.get().asObject(), "address", "port", "uuid", "password", "users");
        }
    }

    /** Returns the account of the only user: a text in v2ray 5, an object elsewhere. */
    private static Optional<Account> onlyUser(Account.Protocol protocol, ConfigNode users) throws ConfigException {
        List<ConfigNode> list = users.asList();
        if (protocol == null || list.size() != 1) {
            return Optional.empty();
        }
        return list.get(0).isObject()
                ? account(protocol, Optional.of(list.get(0).asObject()))
                : Optional.of(Account.of(protocol, Scalars.secret(list.get(0))));
    }

    private static Optional<ConfigObject> first(ConfigObject object, String key) throws ConfigException {
        Optional<ConfigNode> list = object.get(key);
        if (list.isEmpty() || list.get().asList().isEmpty()) {
            return Optional.empty();
        }
        if (list.get().asList().size() > 1) {
            throw list.get().error("expected one, got " + list.get().asList().size());
        }
        return Optional.of(list.get().asList().get(0).asObject());
    }

    private static Optional<ConfigObject> only(ConfigObject object, String key) throws ConfigException {
        Optional<ConfigNode> list = object.get(key);
        return list.isPresent() && list.get().asList().size() == 1 ? first(object, key) : Optional.empty();
    }
}
