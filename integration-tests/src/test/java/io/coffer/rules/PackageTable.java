package io.coffer.rules;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The table of packages in {@code docs/architecture.md}, from which the rules are taken. */
record PackageTable(Map<String, Row> rows) {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z0-9.]+)` \\| (.+?) \\|(.*)\\|\\s*$");

    /** What one package is for, and which restricted libraries it may use. */
    record Row(String sentence, List<String> libraries) {}

    static PackageTable of(Checkout checkout) {
        String page = Checkout.read(checkout.root.resolve("docs/architecture.md"));
        Map<String, Row> rows = new LinkedHashMap<>();
        Matcher row = ROW.matcher(page.substring(page.indexOf("## The packages")));
        while (row.find()) {
            List<String> libraries = Stream.of(row.group(3).split(","))
                    .map(String::strip)
                    .filter(library -> !library.isEmpty())
                    .toList();
            rows.put(row.group(1), new Row(row.group(2), libraries));
        }
        if (rows.isEmpty()) {
            throw new IllegalStateException("no table of packages in docs/architecture.md");
        }
        return new PackageTable(rows);
    }

    /** Full names of the packages that may use {@code library}. */
    String[] usersOf(String library) {
        return rows.entrySet().stream()
                .filter(row -> row.getValue().libraries().contains(library))
                .map(row -> "io.coffer." + row.getKey())
                .toArray(String[]::new);
    }
}
