package dev.keyturn.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.rotation.Progress;
import dev.keyturn.rotation.RotationResult;
import dev.keyturn.sandbox.DromoCall;
import dev.keyturn.sandbox.DromoFault;
import dev.keyturn.secret.AuthType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A Dromo that says, where its login fails, what it tried to log in with. */
class QuotedSecretsTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(AuthType.class)
    void writesNothingDownOfASecretThatDromoQuotesWhereItCannotLogIn(AuthType kind) throws Exception {
        try (FaultWorld world = new FaultWorld(kind, false, directory)) {
            String old = quoted(world);
            String[] seen = new String[1];
            world.dromo().faults().onNext(2, DromoCall.TEST_CONNECTION, quoting(world, seen, DromoFault::testFails));

            RotationResult result = world.rotate(Progress.NONE);

            assertThat(seen[0]).isNotNull().isNotEqualTo(old);
            assertThat(result.failure().orElseThrow().message()).contains("refused for '****'");
            assertNothingSaid(world, result, old, seen[0]);
        }
    }

    /** A process that was started anew has read none of them yet. */
    @ParameterizedTest
    @EnumSource(AuthType.class)
    void doesNotEitherAfterARestartWhereDromoRefusesTheTest(AuthType kind) throws Exception {
        try (FaultWorld world = new FaultWorld(kind, false, directory)) {
            String[] seen = new String[1];
            world.dromo().faults().always(DromoCall.TEST_CONNECTION, DromoFault.html502());
            world.rotate(Progress.NONE);
            world.dromo().faults().clear();
            world.dromo()
                    .faults()
                    .always(DromoCall.TEST_CONNECTION, quoting(world, seen, said -> DromoFault.refusal(400, said)));

            RotationResult result = world.recover(Progress.NONE).orElseThrow();

            assertThat(result.failure().orElseThrow().message()).contains("refused for '****'");
            assertNothingSaid(world, result, seen[0]);
        }
    }

    private static DromoFault quoting(FaultWorld world, String[] seen, Function<String, DromoFault> fault) {
        return exchange -> {
            seen[0] = quoted(world);
            return fault.apply("refused for '" + seen[0] + "'").around(exchange);
        };
    }

    /** What Dromo holds: a password, or one line of a key. */
    private static String quoted(FaultWorld world) {
        List<String> lines = FaultWorld.text(world.inDromo()).lines().toList();
        return lines.get(lines.size() == 1 ? 0 : lines.size() / 2);
    }

    private static void assertNothingSaid(FaultWorld world, RotationResult result, String... secrets) throws Exception {
        assertThat(result.toString()).doesNotContain(secrets);
        assertThat(world.product().journal().history(Optional.empty(), 10).toString())
                .contains("refused for '****'")
                .doesNotContain(secrets);
        try (Stream<Path> audit = Files.walk(Product.auditDirectory(world.directory()))) {
            assertThat(audit.filter(Files::isRegularFile).map(QuotedSecretsTest::text))
                    .anyMatch(text -> text.contains("refused for '****'"))
                    .allSatisfy(text -> assertThat(text).doesNotContain(secrets));
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
