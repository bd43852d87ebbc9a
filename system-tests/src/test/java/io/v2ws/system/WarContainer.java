package io.v2ws.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A servlet container as people download it, with the WAR in its {@code webapps} and nothing else changed. */
enum WarContainer {
    JETTY("jetty-home-", "the direct engine", "Started oejs.Server") {
        @Override
        List<String> command(Path home, Path base, int port) {
            return jetty(home, port);
        }
    },
    OLDEST_JETTY("jetty-home-12.1.0", "the direct engine", "Started oejs.Server") {
        @Override
        List<String> command(Path home, Path base, int port) {
            return jetty(home, port);
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
    },
    PAYARA("payara-micro-", "the servlet engine", "Payara Micro .* ready in") {
        @Override
        List<String> command(Path home, Path base, int port) {
            return List.of(
                    newestJava().toString(),
                    "-jar",
                    home.toString(),
                    "--rootdir",
                    base.resolve("root").toString(),
                    "--nocluster",
                    "--port",
                    Integer.toString(port),
                    "--deploy",
                    base.resolve("webapps/ROOT.war").toString(),
                    "--contextroot",
                    "/");
        }
    },
    WILDFLY("wildfly-", "the servlet engine", "WFLYSRV0025") {
        @Override
        List<String> command(Path home, Path base, int port) throws IOException {
            copy(home.resolve("standalone/configuration"), base.resolve("configuration"));
            Files.move(base.resolve("webapps"), base.resolve("deployments"));
            return List.of(
                    "java",
                    "-Djboss.home.dir=" + home,
                    "-Djboss.server.base.dir=" + base,
                    "-Djboss.bind.address=127.0.0.1",
                    "-Djboss.http.port=" + port,
                    "-Djboss.https.port=0",
                    "-Djboss.management.http.port=0",
                    "-Djboss.management.https.port=0",
                    "-jar",
                    home.resolve("jboss-modules.jar").toString(),
                    "-mp",
                    home.resolve("modules").toString(),
                    "org.jboss.as.standalone");
        }
    };

    private static final Set<WarContainer> WITH_SOAK = EnumSet.of(OLDEST_JETTY, PAYARA, WILDFLY);

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

    /** Returns the containers that are to be tried: some only where the profile has fetched them. */
    static Stream<WarContainer> toTry() {
        return Stream.of(values())
                .filter(each -> !WITH_SOAK.contains(each) || each.home().isPresent());
    }

    private Optional<Path> home() {
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("v2ws.containers")))) {
            return all.filter(each -> each.getFileName().toString().startsWith(folder))
                    .findFirst();
        } catch (IOException x) {
            throw new UncheckedIOException(x);
        }
    }

    /** Starts the container with the WAR as its root application, configured by the environment alone. */
    Program start(Workspace workspace, Map<String, String> environment) throws IOException {
        Path home = home().orElseThrow();
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

    private static List<String> jetty(Path home, int port) {
        return List.of(
                "java",
                "-Djetty.http.host=127.0.0.1",
                "-Djetty.http.port=" + port,
                "-jar",
                home.resolve("start.jar").toString(),
                "--module=http,ee11-deploy");
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

    /** Some containers need a newer Java than the tests. */
    private static Path newestJava() {
        try (Stream<Path> all = Files.list(Path.of("/usr/lib/jvm"))) {
            return all.filter(each -> each.getFileName().toString().matches(".*2[1-9].*"))
                    .map(each -> each.resolve("bin/java"))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow();
        } catch (IOException x) {
            throw new UncheckedIOException(x);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Files.copy(each, to.resolve(from.relativize(each)));
            }
        }
    }
}
