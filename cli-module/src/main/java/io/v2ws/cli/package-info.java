/** The command-line program {@code v2ws}: serve, forward, stdio, bench and demo. */
package io.v2ws.cli;
