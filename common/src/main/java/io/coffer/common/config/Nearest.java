package io.coffer.common.config;

import java.util.Collection;
import java.util.Comparator;

/** Finds what somebody who mistyped a name meant. */
final class Nearest {
    private Nearest() {}

    /** The end of a sentence about an unknown name. */
    static String hint(String unknown, Collection<String> known) {
        return known.stream()
                .filter(name -> !name.isEmpty())
                .min(Comparator.comparingInt(name -> distance(unknown, name)))
                .map(name -> "; the nearest known is " + name)
                .orElse("");
    }

    /** How many letters must be put in, taken out or changed. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
