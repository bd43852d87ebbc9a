package io.v2ws.server;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes {@link RequestHead}s, with a valid upgrade request as the start; every method changes this object. */
final class Requests {
    private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final String path;
    private final String query;
    private String method = "GET";
    private String protocol = "HTTP/1.1";

    private Requests(String target) {
        int question = target.indexOf('?');
        path = question < 0 ? target : target.substring(0, question);
        query = question < 0 ? null : target.substring(question + 1);
    }

    static Requests upgrade(String target) {
        return new Requests(target)
                .with("Host", "localhost")
                .with("Upgrade", "websocket")
                .with("Connection", "Upgrade")
                .with("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
                .with("Sec-WebSocket-Version", "13");
    }

    Requests with(String name, String... values) {
        headers.put(name, List.of(values));
        return this;
    }

    Requests without(String name) {
        headers.remove(name);
        return this;
    }

    Requests method(String newMethod) {
        method = newMethod;
        return this;
    }

    Requests protocol(String newProtocol) {
        protocol = newProtocol;
        return this;
    }

    RequestHead head() {
        return new RequestHead(method, protocol, path, query, name -> headers.getOrDefault(name, List.of()));
    }
}
