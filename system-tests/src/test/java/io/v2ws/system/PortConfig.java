package io.v2ws.system;

/** The configuration of a program that listens on a port. */
@FunctionalInterface
interface PortConfig {
    String on(int port);
}
