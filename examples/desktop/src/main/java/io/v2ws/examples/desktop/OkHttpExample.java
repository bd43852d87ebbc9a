package io.v2ws.examples.desktop;

import io.v2ws.client.WebSocketTransportClient;
import io.v2ws.client.socket.TunnelSocketFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** OkHttp. */
public final class OkHttpExample {
    private OkHttpExample() {}

    /** Prints a page of the server behind the tunnel; the second argument is its URL, such as http://intranet/. */
    public static void main(String[] args) throws IOException {
        try (WebSocketTransportClient client = Tunnels.client(args[0])) {
            System.out.println(get(client, args[1]));
        }
    }

    static String get(WebSocketTransportClient client, String url) throws IOException {
        // snippet okhttp
        OkHttpClient http = new OkHttpClient.Builder()
                .socketFactory(new TunnelSocketFactory(client))
                // The name is known at the far end only: any address will do here, as nobody connects to it.
                .dns(host -> List.of(InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1})))
                .proxy(Proxy.NO_PROXY)
                .build();
        try (Response response =
                http.newCall(new Request.Builder().url(url).build()).execute()) {
            return response.body().string();
        } finally {
            http.connectionPool().evictAll();
        }
        // end
    }
}
