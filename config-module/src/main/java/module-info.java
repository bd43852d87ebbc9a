/** Configuration files and share links of sing-box, Xray, v2ray, Clash and v2ws itself. */
module io.v2ws.config {
    requires transitive io.v2ws.common;
    requires com.fasterxml.jackson.core;
    requires org.snakeyaml.engine;

    exports io.v2ws.config;
}
