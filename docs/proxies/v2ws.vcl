# Varnish in front of v2ws: `v2ws serve` or the WAR, on port 8080. Read docs/deploy.md first.
#
# Change: host and port of v2ws, and the path of the probe to that of your tunnel. Varnish has no TLS: put hitch or
#   HAProxy in front, and let it tell the client's address by the PROXY protocol (varnishd -a 127.0.0.1:8443,PROXY;
#   hitch: write-proxy-v2 = on; HAProxy: send-proxy-v2).
#
# Early data: a header of up to 8,100 characters (http_req_hdr_len, 8 KB), a path of up to 32,000 (http_req_size, 32
#   KB).
# Silence: Varnish closes a tunnel after 60 s without data (pipe_timeout). v2ws pings every 20 s.
# Client's address: in X-Forwarded-For, set by Varnish. v2ws believes it with "trusted_proxies": ["127.0.0.1"].

vcl 4.1;

import std;

backend v2ws {
    .host = "127.0.0.1";
    .port = "8080";
    .connect_timeout = 5s;
    .probe = {
        .url = "/tunnel";               # without an upgrade: the ordinary site, which has no such page
        .expected_response = 404;
        .interval = 2s;
        .timeout = 2s;
        .window = 1;
        .threshold = 1;
        .initial = 0;
    }
}

sub vcl_recv {
    set req.http.X-Forwarded-For = client.ip;
    unset req.http.Forwarded;           # a client may send one
    if (!std.healthy(req.backend_hint)) {
        return (synth(503));            # a pipe would just close the connection
    }
    if (req.http.Upgrade ~ "(?i)websocket") {
        return (pipe);
    }
}

sub vcl_pipe {
    set bereq.http.Upgrade = req.http.Upgrade;
    set bereq.http.Connection = req.http.Connection;
}
