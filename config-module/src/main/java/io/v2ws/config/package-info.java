/**
 * Configuration files: a located tree of JSON or YAML ({@link io.v2ws.config.ConfigNode}), the dialects of sing-box,
 * Xray, Clash and share links read from it and written ({@link io.v2ws.config.Dialects}), and the files of the
 * command-line program ({@link io.v2ws.config.ServeConfig}, {@link io.v2ws.config.ForwardConfig}).
 *
 * <p>Every fault of a file is a {@link io.v2ws.config.ConfigException} whose message names file, line, column and key.
 * No message contains a credential. Only this module depends on libraries for JSON and YAML.
 */
package io.v2ws.config;
