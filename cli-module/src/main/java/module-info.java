/** The command {@code v2ws}. */
module io.v2ws.cli {
    requires com.fasterxml.jackson.core;
    requires info.picocli;
    requires io.v2ws.client;
    requires io.v2ws.config;
    requires io.v2ws.server;
    requires java.management;
    requires jdk.management;
    // At run time for TunnelServer, which does not require them because applications with a filter bring their own.
    requires org.eclipse.jetty.client;
    requires org.eclipse.jetty.ee11.proxy;
    requires org.eclipse.jetty.ee11.servlet;
    requires org.eclipse.jetty.server;
    requires org.slf4j;

    uses java.security.Provider;

    opens io.v2ws.cli to
            info.picocli;
}
