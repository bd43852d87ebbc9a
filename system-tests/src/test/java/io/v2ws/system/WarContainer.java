package io.v2ws.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A servlet container as people download it, with the WAR in its {@code webapps} and nothing else changed. */
enum WarContainer {
    JETTY("jetty-home-", "the direct engine", "Started oejs.Server") {
        @Override
        List<String> command(Path home, Path base, int port) {
            return List.of(
                    "java",
                    "-Djetty.http.host=127.0.0.1",
                    "-Djetty.http.port=" + port,
                    "-jar",
                    home.resolve("start.jar").toString(),
                    "--module=http,ee11-deploy");
        }
    },
    TOMCAT_11("apache-tomcat-11", "the servlet engine", "Server startup in") {
        @Override
        List<String> command(Path home, Path base, int port) throws IOException {
            return tomcat(home, base, port);
        }
    },
    TOMCAT_10("apache-tomcat-10", "the servlet engine", "Server startup in") {
        @Override
        List<String> command(Path home, Path base, int port) throws IOException {
            return tomcat(home, base, port);
        }
    };

    private final String folder;
    private final String engine;
    private final Pattern ready;

    WarContainer(String folder, String engine, String ready) {
        this.folder = folder;
        this.engine = engine;
        this.ready = Pattern.compile(ready);
    }

    /** What the log calls the engine that the WAR runs on here. */
    String engine() {
        return engine;
    }

    /** Returns the command line, and writes the files that it needs into its base folder. */
    abstract List<String> command(Path home, Path base, int port) throws IOException;

    /** Starts the container with the WAR as its root application, configured by the environment alone. */
    Program start(Workspace workspace, Map<String, String> environment) throws IOException {
        Path home;
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("v2ws.containers")))) {
            home = all.filter(each -> each.getFileName().toString().startsWith(folder))
                    .findFirst()
                    .orElseThrow();
        }
        Path base = workspace.folder();
        Files.createDirectories(base.resolve("webapps"));
        Files.copy(Path.of(System.getProperty("v2ws.war")), base.resolve("webapps/ROOT.war"));
        return Program.start(
                workspace,
                "container",
                port -> {
                    List<String> all = new ArrayList<>(List.of("env"));
                    environment.forEach((name, value) -> all.add(name + "=" + value));
                    all.addAll(command(home, base, port));
                    return all;
                },
                ready);
    }

    private static List<String> tomcat(Path home, Path base, int port) throws IOException {
        Files.createDirectories(base.resolve("temp"));
        Files.createDirectories(base.resolve("conf"));
        Files.copy(home.resolve("conf/web.xml"), base.resolve("conf/web.xml"), StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(base.resolve("conf/server.xml"), """
                <Server port="-1">
                  <Service name="Catalina">
                    <Connector port="%d" address="127.0.0.1" protocol="HTTP/1.1"/>
                    <Engine name="Catalina" defaultHost="localhost">
                      <Host name="localhost" appBase="webapps" unpackWARs="true" autoDeploy="false"/>
                    </Engine>
                  </Service>
                </Server>
                """.formatted(port));
        return List.of(
                "java",
                "-cp",
                home.resolve("bin/bootstrap.jar") + ":" + home.resolve("bin/tomcat-juli.jar"),
                "-Dcatalina.home=" + home,
                "-Dcatalina.base=" + base,
                "-Djava.io.tmpdir=" + base.resolve("temp"),
                "org.apache.catalina.startup.Bootstrap",
                "start");
    }
}
