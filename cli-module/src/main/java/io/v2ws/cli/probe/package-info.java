/**
 * {@code v2ws probe}: looks at a tunnel step by step and says what a proxy or CDN on the way does to it. {@link
 * io.v2ws.cli.probe.Probe} runs the steps, {@link io.v2ws.cli.probe.ProbeReport} is the result, {@link
 * io.v2ws.cli.probe.TextReport} and {@link io.v2ws.cli.probe.JsonReport} show it.
 */
package io.v2ws.cli.probe;
