/**
 * Fixtures for the tests of v2ws: hand-written peers, small servers and proxies, an embedded Jetty, certificates and
 * leak checks. Everything listens on 127.0.0.1 and on a port chosen by the system.
 */
package io.v2ws.testing;
