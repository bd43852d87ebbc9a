/** Command lines of the programs that speak the transport, ours among them, for the system tests and the benchmarks. */
package io.v2ws.testing.peers;
