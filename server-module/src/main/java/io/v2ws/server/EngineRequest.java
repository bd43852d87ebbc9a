package io.v2ws.server;

import io.v2ws.WebSocketTransportOptions;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Map;

/**
 * An upgrade request as Jetty's WebSocket layer gets it: without query and subprotocols. The tunnel needs neither of
 * them there, and Jetty fails on those that are not well formed, and takes long to read a query of thousands of
 * parameters.
 */
final class EngineRequest extends HttpServletRequestWrapper {
    EngineRequest(HttpServletRequest request) {
        super(request);
    }

    private static boolean isHidden(String header) {
        return WebSocketTransportOptions.SEC_WEBSOCKET_PROTOCOL.equalsIgnoreCase(header);
    }

    @Override
    public String getQueryString() {
        return null;
    }

    @Override
    public String getHeader(String name) {
        return isHidden(name) ? null : super.getHeader(name);
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        return isHidden(name) ? Collections.emptyEnumeration() : super.getHeaders(name);
    }

    @Override
    public Enumeration<String> getHeaderNames() {
        return Collections.enumeration(Collections.list(super.getHeaderNames()).stream()
                .filter(name -> !isHidden(name))
                .toList());
    }

    @Override
    public String getParameter(String name) {
        return null;
    }

    @Override
    public Map<String, String[]> getParameterMap() {
        return Map.of();
    }

    @Override
    public Enumeration<String> getParameterNames() {
        return Collections.emptyEnumeration();
    }

    @Override
    public String[] getParameterValues(String name) {
        return null;
    }
}
