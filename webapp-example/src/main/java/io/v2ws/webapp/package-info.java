/** What the example web application adds to the tunnel filter. */
package io.v2ws.webapp;
