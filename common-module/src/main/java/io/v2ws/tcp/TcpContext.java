package io.v2ws.tcp;

import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ByteBufferPool;

/** What all connections of a {@link TcpConnector} share. */
record TcpContext(Executor executor, ByteBufferPool pool, OpenConnections open) {}
