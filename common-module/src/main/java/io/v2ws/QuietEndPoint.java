package io.v2ws;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.thread.Scheduler;

/** A Jetty end point that ends without an exception, of which Jetty's own makes one per connection. */
public class QuietEndPoint extends SocketChannelEndPoint {
    /** Makes the end point of a connected channel. */
    public QuietEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
        super(channel, selector, key, scheduler);
    }

    @Override
    public void updateKey() {
        // Jetty would find out by an exception that there is no key any more.
        if (isOpen()) {
            super.updateKey();
        }
    }
}
