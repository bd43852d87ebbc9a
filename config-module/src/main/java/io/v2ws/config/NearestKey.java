package io.v2ws.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the known key that somebody may have meant. */
final class NearestKey {
    private NearestKey() {}

    /** Returns the known key that looks most like {@code key}, if one does: about one letter in three may differ. */
    static Optional<String> to(String key, Collection<String> known) {
        String wanted = folded(key);
        String nearest = null;
        int least = Integer.MAX_VALUE;
        for (String candidate : known) {
            String folded = folded(candidate);
            int allowed = Math.max(1, Math.min(wanted.length(), folded.length()) / 3);
            // Names whose lengths differ more cannot be near; this also bounds the work for monstrous names.
            if (Math.abs(folded.length() - wanted.length()) > allowed) {
                continue;
            }
            int distance = distance(wanted, folded);
            if (distance <= allowed && distance < least) {
                nearest = candidate;
                least = distance;
            }
        }
        return Optional.ofNullable(nearest);
    }

    /** Other dialects write the same words as {@code maxEarlyData} or {@code max-early-data}. */
    private static String folded(String key) {
        return key.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }

    /** Letters to insert, remove, replace, or swap with their neighbour (optimal string alignment). */
    private static int distance(String a, String b) {
        int[][] distance = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    distance[i][j] = i + j;
                    continue;
                }
                int replaced = distance[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                distance[i][j] = Math.min(replaced, 1 + Math.min(distance[i - 1][j], distance[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    distance[i][j] = Math.min(distance[i][j], distance[i - 2][j - 2] + 1);
                }
            }
        }
        return distance[a.length()][b.length()];
    }
}
