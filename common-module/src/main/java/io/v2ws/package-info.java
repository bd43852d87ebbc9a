/**
 * What both ends of a tunnel share: transport options, the early-data codec, the stream over a WebSocket, the TCP end
 * and the relay between two streams.
 */
package io.v2ws;
