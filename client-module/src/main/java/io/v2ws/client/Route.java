package io.v2ws.client;

/**
 * Where an upgrade goes, for messages.
 *
 * @param dialled what TCP connects to: scheme, host and port of the server, or "the proxy" and its URL
 * @param server scheme, host and port of the server, with or without a proxy in between
 */
record Route(String dialled, String server) {}
