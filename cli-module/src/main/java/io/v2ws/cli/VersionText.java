package io.v2ws.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version, as the build wrote it beside this class. */
final class VersionText implements IVersionProvider {
    /** Made by picocli. */
    VersionText() {}

    @Override
    public String[] getVersion() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = VersionText.class.getResourceAsStream("version.properties")) {
            properties.load(in);
        }
        return new String[] {
            "v2ws " + properties.getProperty("version"),
            "Java " + Runtime.version() + ", Jetty " + org.eclipse.jetty.util.Jetty.VERSION
        };
    }
}
