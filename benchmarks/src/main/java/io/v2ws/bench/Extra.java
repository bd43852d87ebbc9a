package io.v2ws.bench;

/** What takes time and is not needed for every look. */
enum Extra {
    /** TLS, and all ways to the first byte. */
    WAYS,
    /** v2ws with the other engine, or with other flags of the JVM. */
    VARIANTS,
    /** Other peers than sing-box. */
    MORE_PEERS
}
