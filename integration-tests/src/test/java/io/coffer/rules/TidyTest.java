package io.coffer.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What every file owes its reader: held here because no linter knows it. */
final class TidyTest {
    private static final int LONGEST_FILE_LINES = 600;

    /** Files that may be longer, with the reason. An entry that is no longer needed fails the test too. */
    private static final Map<String, String> LONG_FILES = Map.of();

    /** Written in two halves, so that this file doesn't hold what it looks for. */
    private static final Pattern LATER = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");

    private static final Pattern PACKAGE_INFO = Pattern.compile(
            "/\\*\\*(?<sentence>.*?)\\*/.*?@NullMarked\\s+package (?<name>[a-z0-9.]+);", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
    private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```");
    private static final Pattern OPERATION =
            Pattern.compile("\\bclass (\\w+)[^{]*\\bimplements\\b[^{]*\\bOperation\\b");
    private static final Pattern ENUM_CONSTANT = Pattern.compile("(?m)^ {4}([A-Z][A-Z0-9_]*)\\(");

    private static final String OPERATIONS = "gateway/src/main/java/io/coffer/gateway/s3/operation/";

    private final Checkout checkout = Checkout.here();

    @Test
    void aFileIsNotLongerThanAReaderCanHold() {
        Map<String, Long> tooLong = new TreeMap<>();
        for (Path source : checkout.files(name -> name.endsWith(".java") || name.endsWith(".proto"))) {
            long lines = Checkout.read(source).lines().count();
            if (lines > LONGEST_FILE_LINES) {
                tooLong.put(checkout.name(source), lines);
            }
        }
        assertThat(tooLong.keySet())
                .as(
                        "files over %d lines: %s; split them, or give the reason in LONG_FILES",
                        LONGEST_FILE_LINES, tooLong)
                .isEqualTo(LONG_FILES.keySet());
    }

    @Test
    void everyPackageHasTheSentenceThatTheTableGivesIt() {
        Map<String, PackageTable.Row> rows = PackageTable.of(checkout).rows();
        List<String> wrong = new ArrayList<>();
        Set<Path> packages =
                checkout.mainSources().stream().map(Path::getParent).collect(Collectors.toCollection(TreeSet::new));
        for (Path folder : packages) {
            Path info = folder.resolve("package-info.java");
            Matcher parts = PACKAGE_INFO.matcher(Files.exists(info) ? Checkout.read(info) : "");
            if (!parts.find()) {
                wrong.add(checkout.name(folder) + " has no package-info.java with a sentence and @NullMarked");
                continue;
            }
            String name = parts.group("name").substring("io.coffer.".length());
            PackageTable.Row row = rows.get(name);
            if (row == null) {
                wrong.add(name + " is missing in the table of docs/architecture.md");
            } else if (!plain(parts.group("sentence")).equals(plain(row.sentence()))) {
                wrong.add(name + " says \"" + plain(parts.group("sentence")) + "\", the table \""
                        + plain(row.sentence()) + "\"");
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** A sentence without mark-up, capitals and full stop, which differ between Javadoc and Markdown. */
    private static String plain(String sentence) {
        return sentence.replaceAll("\\s*\\n\\s*\\*?\\s*", " ")
                .replaceAll("\\{@(?:code|link) ([^}]*)}", "$1")
                .replace("`", "")
                .replaceAll("\\s+", " ")
                .strip()
                .replaceAll("\\.$", "")
                .toLowerCase(Locale.ROOT);
    }

    @Test
    void nothingIsLeftForLater() {
        List<String> found = new ArrayList<>();
        for (Path file : checkout.files(name -> name.matches(".*\\.(java|proto|xml|sh|yaml|yml|md|options)")
                || name.equals("coffer")
                || name.startsWith(".ci/"))) {
            int line = 0;
            for (String text : Checkout.read(file).lines().toList()) {
                line++;
                if (LATER.matcher(text).find()) {
                    found.add(checkout.name(file) + ":" + line + ": " + text.strip());
                }
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void linksInTheDocumentationLead() {
        List<String> dead = new ArrayList<>();
        for (Path page : checkout.files(name -> name.matches("[^/]+\\.md|docs/.*\\.md"))) {
            Matcher link = LINK.matcher(FENCED.matcher(Checkout.read(page)).replaceAll(""));
            while (link.find()) {
                String target = link.group(1);
                if (!target.matches("[a-z]+:.*") && !leads(page, target)) {
                    dead.add(checkout.name(page) + " -> " + target);
                }
            }
        }
        assertThat(dead).isEmpty();
    }

    private static boolean leads(Path page, String target) {
        int hash = target.indexOf('#');
        String file = hash < 0 ? target : target.substring(0, hash);
        Path destination = file.isEmpty() ? page : page.resolveSibling(file);
        if (!Files.exists(destination)) {
            return false;
        }
        return hash < 0
                || HEADING.matcher(Checkout.read(destination))
                        .results()
                        .anyMatch(heading -> anchor(heading.group(1)).equals(target.substring(hash + 1)));
    }

    /** The anchor that GitHub and most others make of a heading. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .strip()
                .replace(' ', '-');
    }

    @Test
    void everyOperationHasAnIntegrationTest() {
        assumeTrue(isServing(), "the gateway has no catalogue of operations yet");
        Set<String> tests =
                checkout.files(name -> name.startsWith("integration-tests/") && name.endsWith("IT.java")).stream()
                        .map(file -> file.getFileName().toString())
                        .collect(Collectors.toSet());
        List<String> untested = new ArrayList<>();
        for (Path source : checkout.files(name -> name.startsWith(OPERATIONS) && name.endsWith(".java"))) {
            Matcher operation = OPERATION.matcher(Checkout.read(source));
            if (operation.find() && !tests.contains(operation.group(1) + "IT.java")) {
                untested.add(operation.group(1));
            }
        }
        assertThat(untested).as("operations without an <Operation>IT").isEmpty();
    }

    @Test
    void everyS3ErrorIsAnsweredSomewhere() {
        assumeTrue(isServing(), "the gateway has no catalogue of operations yet");
        Path catalogue = checkout.root.resolve("gateway/src/main/java/io/coffer/gateway/s3/error/S3Error.java");
        String code = checkout.mainSources().stream()
                .filter(source -> !source.equals(catalogue))
                .map(Checkout::read)
                .collect(Collectors.joining("\n"));
        List<String> constants = ENUM_CONSTANT
                .matcher(Checkout.read(catalogue))
                .results()
                .map(constant -> constant.group(1))
                .toList();
        assertThat(constants).hasSizeGreaterThan(20);
        assertThat(constants.stream()
                        .filter(constant -> !Pattern.compile("\\b" + constant + "\\b")
                                .matcher(code)
                                .find()))
                .as("S3 errors that nothing answers")
                .isEmpty();
    }

    /** Whether the gateway is wired: before that, operations and errors are allowed to wait for one another. */
    private boolean isServing() {
        return Files.exists(checkout.root.resolve("gateway/src/main/java/io/coffer/gateway/OperationCatalog.java"));
    }
}
