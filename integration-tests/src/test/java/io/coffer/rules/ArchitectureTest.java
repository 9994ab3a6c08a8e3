package io.coffer.rules;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may use whom and what: the direction of the modules, and the table of packages in {@code docs/architecture.md}. */
final class ArchitectureTest {
    private static final JavaClasses COFFER = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("/test-classes/") && !location.contains("-tests.jar"))
            .importPackages("io.coffer");

    private static final PackageTable TABLE = PackageTable.of(Checkout.here());

    /** What each name in the table's last column stands for: packages ({@code ..} at the end) and single classes. */
    private static final Map<String, Set<String>> LIBRARIES = Map.of(
            "Netty", Set.of("io.netty.."),
            "Ratis", Set.of("org.apache.ratis.."),
            "RocksDB", Set.of("org.rocksdb.."),
            "Jackson", Set.of("tools.jackson..", "com.fasterxml.jackson..", "com.ctc.wstx..", "org.codehaus.stax2.."),
            "protobuf", Set.of("com.google.protobuf..", "io.coffer.proto.."),
            "gRPC", Set.of("io.grpc.."),
            "Bouncy Castle", Set.of("org.bouncycastle.."),
            "OpenTelemetry", Set.of("io.opentelemetry.."),
            "picocli", Set.of("picocli.."),
            "java.nio.file",
                    Set.of(
                            "java.nio.file..",
                            "java.nio.channels.FileChannel",
                            "java.io.RandomAccessFile",
                            "java.io.FileInputStream",
                            "java.io.FileOutputStream",
                            "java.io.FileReader",
                            "java.io.FileWriter"));

    /** What the replicated state machine must not know: replicas that ask the world get different answers. */
    private static final String[] THE_WORLD = {
        "java.io.",
        "java.net.",
        "java.nio.channels.",
        "java.nio.file.",
        "java.security.SecureRandom",
        "java.time.Clock",
        "java.time.InstantSource",
        "java.util.Random",
        "java.util.SplittableRandom",
        "java.util.concurrent.",
        "java.util.random.",
        "java.lang.Process",
        "java.lang.Thread",
    };

    @Test
    void theImportSeesEveryServer() {
        assertThat(Stream.of("common", "gateway", "metaserver", "dataserver", "deploy"))
                .allSatisfy(module -> assertThat(COFFER.containPackage("io.coffer." + module))
                        .as(module)
                        .isTrue());
    }

    @Test
    void modulesDependInOneDirection() {
        check(module("proto", "proto"));
        check(module("common", "common", "proto"));
        check(module("gateway", "gateway", "common", "proto"));
        check(module("metaserver", "metaserver", "common", "proto"));
        check(module("dataserver", "dataserver", "common", "proto"));
    }

    private static ArchRule module(String module, String... mayUse) {
        String[] allowed =
                Arrays.stream(mayUse).map(name -> "io.coffer." + name + "..").toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage("io.coffer." + module + "..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.coffer..")
                        .and(DescribedPredicate.not(resideInAnyPackage(allowed)))
                        .as("belong to a module other than %s", List.of(mayUse)));
    }

    @Test
    void packagesHaveNoCycles() {
        check(slices().matching("io.coffer.(**)").should().beFreeOfCycles());
    }

    static Stream<String> libraries() {
        return LIBRARIES.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void onlyThePackagesThatTheTableNamesUse(String library) {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(TABLE.usersOf(library))
                .and()
                .resideOutsideOfPackage("io.coffer.proto..")
                .should()
                .dependOnClassesThat(describe("belong to " + library, used -> isIn(library, used))));
    }

    @Test
    void theTableNamesOnlyLibrariesThatAreWatched() {
        assertThat(TABLE.rows().values().stream().flatMap(row -> row.libraries().stream()))
                .isSubsetOf(LIBRARIES.keySet());
    }

    private static boolean isIn(String library, JavaClass used) {
        return LIBRARIES.get(library).stream()
                .anyMatch(member -> member.endsWith("..")
                        ? used.getName().startsWith(member.substring(0, member.length() - 1))
                        : used.getName().equals(member));
    }

    @Test
    void stateAndModelDoNotAskTheWorld() {
        check(classes()
                .that()
                .resideInAnyPackage("io.coffer.metaserver.state..", "io.coffer.metaserver.model..")
                .should(notAskTheWorld()));
    }

    private static ArchCondition<JavaClass> notAskTheWorld() {
        return new ArchCondition<>("have no clock, random, thread or I/O") {
            @Override
            public void check(JavaClass user, ConditionEvents events) {
                for (Dependency use : user.getDirectDependenciesFromSelf()) {
                    String name = use.getTargetClass().getName();
                    boolean exception = use.getTargetClass().isAssignableTo(Throwable.class);
                    if (!exception && Arrays.stream(THE_WORLD).anyMatch(name::startsWith)) {
                        events.add(SimpleConditionEvent.violated(user, use.getDescription()));
                    }
                }
                for (JavaCall<?> call : user.getMethodCallsFromSelf()) {
                    JavaClass owner = call.getTargetOwner();
                    String method = call.getName();
                    if (owner.isEquivalentTo(System.class) && !method.equals("arraycopy")
                            || owner.isEquivalentTo(UUID.class) && method.equals("randomUUID")
                            || owner.isEquivalentTo(Math.class) && method.equals("random")
                            || owner.isEquivalentTo(Instant.class) && method.equals("now")
                            || owner.isEquivalentTo(Clock.class)) {
                        events.add(SimpleConditionEvent.violated(user, call.getDescription()));
                    }
                }
            }
        };
    }

    @Test
    void operationsDoNotKnowOneAnother() {
        check(classes()
                .that(describe("are operations", ArchitectureTest::isOperation))
                .should(new ArchCondition<>("not depend on another operation") {
                    @Override
                    public void check(JavaClass operation, ConditionEvents events) {
                        for (Dependency use : operation.getDirectDependenciesFromSelf()) {
                            JavaClass other = outermost(use.getTargetClass());
                            if (isOperation(other) && !other.equals(operation)) {
                                events.add(SimpleConditionEvent.violated(operation, use.getDescription()));
                            }
                        }
                    }
                }));
    }

    private static boolean isOperation(JavaClass candidate) {
        return !candidate.isInterface()
                && candidate.isAssignableTo("io.coffer.gateway.s3.operation.Operation")
                && candidate.getPackageName().startsWith("io.coffer.gateway.s3.operation");
    }

    private static JavaClass outermost(JavaClass inner) {
        return inner.getEnclosingClass().map(ArchitectureTest::outermost).orElse(inner);
    }

    @Test
    void noClassHidesItsJobBehindAVagueName() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("io.coffer.proto..")
                .should()
                .haveNameMatching(".*[.$]([A-Za-z0-9]*)(Manager|Helper|Helpers|Util|Utils|Impl|Base)")
                .because("a name should say what the class does"));
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(COFFER);
    }
}
