# Sourced by run and jmh, with "root" set: builds what is not built or older than its sources, and sets "classpath".
stamp="$root/benchmarks/target/classpath.txt"
jar="$root/cli-module/target/v2ws.jar"
if [ ! -f "$stamp" ] || [ ! -f "$jar" ] || [ -n "$(find "$root"/*/src/main "$root"/*/pom.xml "$root/pom.xml" -newer "$stamp" -print -quit)" ]; then
    echo "building v2ws and the benchmarks" >&2
    (cd "$root" && mvn -B -ntp -q -pl benchmarks -am package -DskipTests >&2)
    touch "$stamp"
fi
classpath="$root/benchmarks/target/classes:$(cat "$stamp")"
