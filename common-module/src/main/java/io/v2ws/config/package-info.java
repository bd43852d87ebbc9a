/**
 * Configuration files: a located JSON tree ({@link io.v2ws.config.ConfigNode}), the dialects read from it
 * ({@link io.v2ws.config.SingBoxTransport}), and the files of the command-line program
 * ({@link io.v2ws.config.ServeConfig}, {@link io.v2ws.config.ForwardConfig}).
 *
 * <p>Whatever is wrong with a file is a {@link io.v2ws.config.ConfigException} whose message names file, line, column and
 * key. This is the only package that imports a JSON library.
 */
package io.v2ws.config;
