package io.v2ws.bench;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a JVM with v2ws in it is started.
 *
 * @param jar the runnable jar, or null to run the classes of this JVM's class path
 * @param jvmFlags extra flags of the JVM; {@code {role}} in them stands for the name of the process
 */
record Program(Path jar, List<String> jvmFlags) {
    private static final String MAIN = "io.v2ws.cli.Main";

    /** The command that runs v2ws. */
    List<String> v2ws(String role, List<String> moreFlags, List<String> arguments) {
        return jar == null
                ? java(role, moreFlags, List.of("-cp", classPath(), MAIN), arguments)
                : java(role, moreFlags, List.of("-jar", jar.toString()), arguments);
    }

    /** The command that runs v2ws with another jar on its class path. */
    List<String> v2wsWith(Path library, String role, List<String> arguments) {
        String path = jar == null ? classPath() : jar + File.pathSeparator + library;
        return java(role, List.of(), List.of("-cp", path, MAIN), arguments);
    }

    /** The command that runs a class of the benchmarks, with v2ws on the class path. */
    List<String> main(String role, Class<?> main, List<String> arguments) {
        return java(role, List.of(), List.of("-cp", classPath(), main.getName()), arguments);
    }

    private static String classPath() {
        return System.getProperty("java.class.path");
    }

    private List<String> java(String role, List<String> moreFlags, List<String> what, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        jvmFlags.forEach(flag -> command.add(flag.replace("{role}", role)));
        command.addAll(moreFlags);
        command.addAll(what);
        command.addAll(arguments);
        return command;
    }
}
