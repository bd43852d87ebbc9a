package io.v2ws.examples.desktop;

import io.v2ws.client.LocalForwarder;
import io.v2ws.client.WebSocketTransportClient;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** The JDK's two HTTP clients, which take no socket factory for plain HTTP and so need a local port. */
public final class HttpClientExample {
    private HttpClientExample() {}

    /** Prints a page of the server behind the tunnel; the second argument is its path. */
    public static void main(String[] args) throws IOException, InterruptedException {
        try (WebSocketTransportClient client = Tunnels.client(args[0])) {
            System.out.println(get(client, args[1]));
            System.out.println(getByUrlConnection(client, args[1]));
        }
    }

    static String get(WebSocketTransportClient client, String path) throws IOException, InterruptedException {
        // snippet http-client
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (LocalForwarder forwarder = LocalForwarder.start(client, anyPort)) {
            URI url = URI.create("http://127.0.0.1:" + forwarder.localAddress().getPort() + path);
            HttpClient http = HttpClient.newHttpClient();
            return http.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
        // end
    }

    static String getByUrlConnection(WebSocketTransportClient client, String path) throws IOException {
        // snippet url-connection
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (LocalForwarder forwarder = LocalForwarder.start(client, anyPort)) {
            URI url = URI.create("http://127.0.0.1:" + forwarder.localAddress().getPort() + path);
            HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection(Proxy.NO_PROXY);
            try {
                return new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            } finally {
                connection.disconnect();
            }
        }
        // end
    }
}
