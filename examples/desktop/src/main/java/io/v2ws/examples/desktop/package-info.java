/** One program for each library, which sends its connections through a tunnel. The first argument is the tunnel's URL. */
package io.v2ws.examples.desktop;
