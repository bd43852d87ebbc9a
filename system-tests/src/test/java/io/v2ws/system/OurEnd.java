package io.v2ws.system;

/** What of ours stands at one end of the WebSocket. */
enum OurEnd {
    SERVE("v2ws serve"),
    FORWARD("v2ws forward"),
    FILTER("filter in Jetty");

    private final String text;

    OurEnd(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
