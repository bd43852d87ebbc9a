/** Tunnels as {@code java.net.Socket}, for libraries that take a {@code SocketFactory}. */
package io.v2ws.client.socket;
