/** Applications with a tunnel in their own Jetty, as {@code docs/embed.md} shows them. */
package io.v2ws.examples.embedded;
