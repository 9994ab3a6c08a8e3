package io.coffer.deploy.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Shows documents to people: lists in columns, single ones line by line. */
final class Table {
    private static final String GAP = "  ";

    private Table() {}

    /** @param columns names of members, in order; each is its column's heading */
    static String of(JsonNode items, List<String> columns) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(columns.stream().map(Table::heading).toList());
        for (JsonNode item : items) {
            rows.add(columns.stream().map(column -> text(item.path(column))).toList());
        }
        int[] widths = new int[columns.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder out = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(row.get(i))
                        .repeat(' ', widths[i] - row.get(i).length())
                        .append(GAP);
            }
            out.append(line.toString().stripTrailing()).append('\n');
        }
        return out.toString();
    }

    static String of(JsonNode document) {
        int width =
                document.propertyNames().stream().mapToInt(String::length).max().orElse(0);
        StringBuilder out = new StringBuilder();
        for (String name : document.propertyNames()) {
            out.append(name).repeat(' ', width - name.length()).append(GAP).append(text(document.path(name)));
            out.append('\n');
        }
        return out.toString();
    }

    /** {@code accountId} becomes {@code ACCOUNT ID}. */
    private static String heading(String name) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            if (Character.isUpperCase(name.charAt(i))) {
                out.append(' ');
            }
            out.append(name.charAt(i));
        }
        return out.toString().toUpperCase(Locale.ROOT);
    }

    private static String text(JsonNode value) {
        if (value.isArray()) {
            return Integer.toString(value.size());
        }
        String text = value.isObject() ? value.toString() : value.asString("");
        return text.isEmpty() ? "-" : text;
    }
}
