package dev.keyturn.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that was probably meant. */
final class NearMiss {
    private NearMiss() {}

    /** {@code , did you mean 'schedule'?} or nothing. */
    static String hint(String written, Collection<String> accepted) {
        return of(written, accepted)
                .map(word -> ", did you mean '" + word + "'?")
                .orElse("");
    }

    /** The accepted word closest to {@code written}; empty where none is within a third of its length. */
    static Optional<String> of(String written, Collection<String> accepted) {
        String lower = written.toLowerCase(Locale.ROOT).replace('-', '_');
        int reach = Math.max(1, lower.length() / 3);
        return accepted.stream()
                // A word whose length differs by more can't be that close; it saves most of the work.
                .filter(word -> Math.abs(word.length() - lower.length()) <= reach)
                .filter(word -> distance(lower, plain(word)) <= reach)
                .min(Comparator.comparingInt(word -> distance(lower, plain(word))));
    }

    private static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replace('-', '_');
    }

    /** Edit distance in which two swapped neighbours count as one mistake (optimal string alignment). */
    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                cost[i][j] = Math.min(Math.min(cost[i - 1][j] + 1, cost[i][j - 1] + 1), cost[i - 1][j - 1] + change);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }
}
