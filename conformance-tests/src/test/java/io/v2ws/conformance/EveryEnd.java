package io.v2ws.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs a class of {@link StreamRules} once for each role and engine. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedClass(name = "{0}")
@EnumSource(
        names = {"DIRECT_SERVER", "JETTY_SERVER", "TOMCAT_SERVER", "UNDERTOW_SERVER", "DIRECT_CLIENT", "JETTY_CLIENT"})
@interface EveryEnd {}
