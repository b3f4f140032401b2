package dev.keyturn;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rooms, who may enter which, and which library lives where. docs/architecture.md draws the same in words. */
class ArchitectureTest {
    private static final String ROOT = "dev.keyturn.";

    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.keyturn");

    /** Each room with the rooms it may use. */
    private static final Map<String, Set<String>> ALLOWED = Map.ofEntries(
            Map.entry("policy", Set.of()),
            Map.entry("tls", Set.of()),
            Map.entry("secret", Set.of("policy")),
            Map.entry("rotation", Set.of("policy", "secret")),
            Map.entry("ssh", Set.of("rotation", "policy", "secret")),
            Map.entry("dromo", Set.of("rotation", "policy", "secret", "tls")),
            Map.entry("notify", Set.of("rotation", "policy", "secret", "tls")),
            Map.entry("store", Set.of("rotation", "policy", "secret")),
            Map.entry("audit", Set.of("rotation", "policy", "secret")),
            Map.entry("config", Set.of("rotation", "policy", "secret", "tls")),
            Map.entry("schedule", Set.of()),
            Map.entry("daemon", Set.of("schedule", "rotation", "policy", "secret")),
            Map.entry(
                    "cli",
                    Set.of(
                            "daemon",
                            "rotation",
                            "policy",
                            "secret",
                            "ssh",
                            "dromo",
                            "store",
                            "audit",
                            "config",
                            "notify")));

    /** Each library with the rooms that may import it. */
    private static final Map<String, Set<String>> LIBRARIES = Map.ofEntries(
            Map.entry("com.jcraft.jsch", Set.of("ssh")),
            Map.entry("org.apache.hc", Set.of("dromo")),
            Map.entry("org.quartz", Set.of("schedule")),
            Map.entry("com.cronutils", Set.of("policy")),
            Map.entry("java.sql", Set.of("store")),
            Map.entry("org.sqlite", Set.of("store")),
            Map.entry("org.snakeyaml", Set.of("config")),
            Map.entry("picocli", Set.of("cli")),
            Map.entry("org.apache.commons.csv", Set.of("cli")),
            Map.entry("tools.jackson", Set.of("dromo", "audit", "notify", "daemon", "cli")),
            Map.entry("jakarta.mail", Set.of("notify")),
            Map.entry("org.eclipse.angus", Set.of("notify")),
            Map.entry("java.net.http", Set.of("notify")),
            Map.entry("ch.qos.logback", Set.of()));

    @Test
    void everyClassLivesInAKnownRoom() {
        Set<String> rooms = PRODUCT.stream().map(ArchitectureTest::room).collect(Collectors.toSet());

        assertThat(ALLOWED.keySet()).containsAll(rooms);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "policy",
                "tls",
                "secret",
                "rotation",
                "ssh",
                "dromo",
                "notify",
                "store",
                "audit",
                "config",
                "schedule",
                "daemon",
                "cli"
            })
    void aRoomUsesOnlyTheRoomsItMayEnter(String room) {
        onlyAllowedRooms(room).check(PRODUCT);
    }

    private static ArchRule onlyAllowedRooms(String room) {
        Set<String> forbidden = ALLOWED.keySet().stream()
                .filter(other -> !other.equals(room)
                        && !ALLOWED.getOrDefault(room, Set.of()).contains(other))
                .map(other -> ROOT + other + "..")
                .collect(Collectors.toSet());

        return noClasses()
                .that()
                .resideInAPackage(ROOT + room + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden.toArray(String[]::new))
                .allowEmptyShould(true);
    }

    @Test
    void eachLibraryIsImportedInItsRoomOnly() {
        LIBRARIES.keySet().forEach(library -> onlyInItsRooms(library).check(PRODUCT));
    }

    private static ArchRule onlyInItsRooms(String library) {
        Set<String> rooms = LIBRARIES.getOrDefault(library, Set.of());
        return classes()
                .that(dependOn(library))
                .should()
                .resideInAnyPackage(
                        rooms.stream().map(room -> ROOT + room + "..").toArray(String[]::new))
                .allowEmptyShould(true)
                .because(library + " lives in " + rooms);
    }

    @Test
    void roomsFormNoCycle() {
        noCycles().check(PRODUCT);
    }

    private static ArchRule noCycles() {
        return slices().matching("dev.keyturn.(*)..").should().beFreeOfCycles();
    }

    @Test
    void onlyTheCompositionRootReadsTheSystemClock() {
        noSystemClock().check(PRODUCT);
    }

    private static ArchRule noSystemClock() {
        return noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "cli..")
                .should()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(java.time.Clock.class, "systemUTC")
                .orShould()
                .callMethod(java.time.LocalDate.class, "now")
                .orShould()
                .callMethod(java.time.LocalDateTime.class, "now")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class);
    }

    /** So no configuration, however wrong, makes a connection or waits for a name service while it is read. */
    @Test
    void theConfigurationIsReadWithoutANetwork() {
        noNetwork("config").check(PRODUCT);
        noNetwork("policy").check(PRODUCT);
    }

    /** Addresses may be taken apart; an address that HostReader takes apart has a colon, which no name has. */
    private static ArchRule noNetwork(String room) {
        Set<String> harmless = Set.of("URI", "URISyntaxException", "InetAddress", "UnknownHostException");
        DescribedPredicate<JavaClass> network = DescribedPredicate.describe(
                "reach a network",
                type -> type.getPackageName().equals("java.net") && !harmless.contains(type.getSimpleName())
                        || type.getSimpleName().equals("Trust")
                        || Set.of("java.net.http", "java.nio.channels", "javax.net", "javax.net.ssl", "java.rmi")
                                .contains(type.getPackageName()));
        return noClasses()
                .that()
                .resideInAPackage(ROOT + room + "..")
                .should()
                .dependOnClassesThat(network)
                .orShould()
                .callMethod(java.net.InetAddress.class, "getAllByName", String.class)
                .orShould()
                .callMethod(java.net.URI.class, "toURL");
    }

    /** A rule that nothing can break proves nothing: each is shown a class that breaks it. */
    @Test
    void eachRuleFindsAClassThatBreaksIt() {
        JavaClasses misplaced = new ClassFileImporter().importClasses(dev.keyturn.policy.Misplaced.class);

        assertThat(onlyAllowedRooms("policy").evaluate(misplaced).hasViolation())
                .isTrue();
        assertThat(onlyInItsRooms("org.quartz").evaluate(misplaced).hasViolation())
                .isTrue();
        assertThat(onlyInItsRooms("ch.qos.logback").evaluate(misplaced).hasViolation())
                .isTrue();
        assertThat(noSystemClock().evaluate(misplaced).hasViolation()).isTrue();
        assertThat(noNetwork("tls").evaluate(PRODUCT).hasViolation()).isTrue();
        JavaClasses cycle = new ClassFileImporter()
                .importClasses(
                        dev.keyturn.policy.Misplaced.class,
                        dev.keyturn.rotation.Account.class,
                        dev.keyturn.rotation.ManagedCredential.class,
                        dev.keyturn.policy.Policy.class);
        assertThat(noCycles().evaluate(cycle).hasViolation()).isTrue();
        assertThat(onlyInItsRooms("com.jcraft.jsch").evaluate(misplaced).hasViolation())
                .isFalse();
        assertThat(onlyAllowedRooms("rotation").evaluate(misplaced).hasViolation())
                .isFalse();
    }

    private static DescribedPredicate<JavaClass> dependOn(String library) {
        return DescribedPredicate.describe(
                "depend on " + library,
                type -> type.getDirectDependenciesFromSelf().stream()
                        .anyMatch(dependency ->
                                dependency.getTargetClass().getPackageName().startsWith(library)));
    }

    private static String room(JavaClass type) {
        String rest = type.getPackageName().substring(ROOT.length());
        int dot = rest.indexOf('.');
        return dot < 0 ? rest : rest.substring(0, dot);
    }
}
