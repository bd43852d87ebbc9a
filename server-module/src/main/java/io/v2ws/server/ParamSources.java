package io.v2ws.server;

import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The places that configure a filter of {@code web.xml}. For each key the first place that has the key decides: the
 * environment, then system properties, context parameters, and the filter's own init-params. Reads every place once.
 */
final class ParamSources {
    private static final String VARIABLE_PREFIX = "V2WS_";
    private static final String PROPERTY_PREFIX = "v2ws.";

    /** A place, and how messages call it. The order is that of precedence. */
    enum Place {
        ENVIRONMENT("environment variable"),
        SYSTEM_PROPERTY("system property"),
        CONTEXT_PARAM("context-param"),
        INIT_PARAM("init-param");

        private final String title;

        Place(String title) {
            this.title = title;
        }

        /** Whether the place comes before the file that {@code config} names. */
        boolean isBeforeFile() {
            return this == ENVIRONMENT || this == SYSTEM_PROPERTY;
        }
    }

    /**
     * One value.
     *
     * @param key in lower case, as in init-params
     * @param name as it stands in its place, such as {@code V2WS_PATH}
     * @param text without white space around it
     */
    record Param(Place place, String key, String name, String text) {

        /** Returns the place and the name there, such as {@code environment variable V2WS_PATH}. */
        String where() {
            return place.title + ' ' + name;
        }
    }

    private final Map<Place, Map<String, Param>> params = new EnumMap<>(Place.class);

    /**
     * Reads all places.
     *
     * @param environment such as {@link System#getenv()}
     * @param properties such as those of the JVM
     */
    ParamSources(Map<String, String> environment, Map<String, String> properties, FilterConfig config) {
        environment.forEach((name, text) -> {
            if (name.startsWith(VARIABLE_PREFIX)) {
                add(Place.ENVIRONMENT, keyOfVariable(name), name, text);
            }
        });
        properties.forEach((name, text) -> addPrefixed(Place.SYSTEM_PROPERTY, name, text));
        ServletContext context = config.getServletContext();
        Collections.list(context.getInitParameterNames())
                .forEach(name -> addPrefixed(Place.CONTEXT_PARAM, name, context.getInitParameter(name)));
        Collections.list(config.getInitParameterNames())
                .forEach(name -> add(Place.INIT_PARAM, name, name, config.getInitParameter(name)));
    }

    /** Reads the places of this process. */
    static ParamSources of(FilterConfig config) {
        Map<String, String> properties = new TreeMap<>();
        System.getProperties().stringPropertyNames().forEach(name -> {
            String text = System.getProperty(name);
            if (text != null) {
                properties.put(name, text);
            }
        });
        return new ParamSources(System.getenv(), properties, config);
    }

    private static String keyOfVariable(String name) {
        return name.substring(VARIABLE_PREFIX.length()).toLowerCase(Locale.ROOT);
    }

    private void addPrefixed(Place place, String name, String text) {
        if (name.startsWith(PROPERTY_PREFIX)) {
            add(place, name.substring(PROPERTY_PREFIX.length()), name, text);
        }
    }

    private void add(Place place, String key, String name, String text) {
        params.computeIfAbsent(place, none -> new TreeMap<>()).put(key, new Param(place, key, name, text.trim()));
    }

    /** Returns the value of the first place that has the key. */
    Optional<Param> get(String key) {
        return params.values().stream()
                .filter(place -> place.containsKey(key))
                .map(place -> place.get(key))
                .findFirst();
    }

    /** Returns the values whose keys are not among these. */
    List<Param> unknown(Collection<String> known) {
        return params.values().stream()
                .flatMap(place -> place.values().stream())
                .filter(param -> !known.contains(param.key()))
                .toList();
    }
}
