/**
 * The client end: {@link io.v2ws.client.WebSocketTransportClient} opens tunnels,
 * {@link io.v2ws.client.LocalForwarder} puts them behind a TCP port. {@link io.v2ws.client.socket} has them as
 * {@code java.net.Socket}.
 */
package io.v2ws.client;
