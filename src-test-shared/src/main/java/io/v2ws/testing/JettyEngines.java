package io.v2ws.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs a parameterized test on the engines that Jetty has, on a server and on a client: {@code DIRECT} and {@code JETTY}. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@EnumSource(names = {"DIRECT", "JETTY"})
public @interface JettyEngines {}
