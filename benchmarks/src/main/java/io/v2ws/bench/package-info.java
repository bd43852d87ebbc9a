/** End-to-end measurements of v2ws and of other implementations, all as processes of the same shape. */
package io.v2ws.bench;
