package dev.keyturn.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keyturn.secret.Secret;
import dev.keyturn.secret.SecretSource;
import dev.keyturn.secret.SecretUnavailableException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretSourceTest {
    @TempDir
    Path directory;

    @Test
    void readsAFile() throws Exception {
        assertThat(text(file("hunter2", "rw-------"))).isEqualTo("hunter2");
        assertThat(text(file("hunter2", "r--------"))).isEqualTo("hunter2");
    }

    @Test
    void stripsExactlyOneLineFeed() throws Exception {
        assertThat(text(file("hunter2\n", "rw-------"))).isEqualTo("hunter2");
        assertThat(text(file("hunter2\r\n", "rw-------"))).isEqualTo("hunter2");
        assertThat(text(file("hunter2\n\n", "rw-------"))).isEqualTo("hunter2\n");
        assertThat(text(file(" hunter2 ", "rw-------"))).isEqualTo(" hunter2 ");
        assertThat(text(file("hunter2\r", "rw-------"))).isEqualTo("hunter2\r");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rw---x---"})
    void refusesAFileThatOthersMayOpenAndSaysHowToMendIt(String permissions) throws Exception {
        assertFailure(file("hunter2", permissions))
                .withMessage("file '" + directory + "/it's' is open to its group or to everybody (" + permissions
                        + "); run: chmod 600 '" + directory + "/it'\\''s'");
    }

    @Test
    void judgesTheFileBehindALink() throws Exception {
        file("hunter2", "rw-r--r--");
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("it's"));

        assertFailure(new FileSecret(link, Optional.empty())).withMessageContaining("rw-r--r--");
    }

    @Test
    void trustsSystemdWithThePermissionsOfItsCredentials() throws Exception {
        file("hunter2", "r--r-----");

        assertThat(text(new FileSecret(directory.resolve("it's"), Optional.of(directory))))
                .isEqualTo("hunter2");
    }

    @Test
    void refusesFilesThatHoldNoSecret() throws Exception {
        assertFailure(file("", "rw-------")).withMessageContaining("is empty");
        assertFailure(file("\n", "rw-------")).withMessageContaining("is empty");
        assertFailure(file("hunter2\0", "rw-------")).withMessageContaining("NUL byte");
        assertFailure(file("x".repeat(64 * 1024 + 1), "rw-------")).withMessageContaining("more than 64 KiB");
        assertThat(text(file("x".repeat(64 * 1024), "rw-------"))).hasSize(64 * 1024);
        assertFailure(new FileSecret(directory, Optional.empty())).withMessageContaining("is a directory");
        assertFailure(new FileSecret(directory.resolve("none"), Optional.empty()))
                .withMessage("file '" + directory + "/none' does not exist; put it there with mode 600");
    }

    @Test
    void readsACredentialOfSystemd() throws Exception {
        Files.writeString(directory.resolve("keyturn-key"), "hunter2\n");

        assertThat(text(new CredentialSecret("keyturn-key", Optional.of(directory))))
                .isEqualTo("hunter2");
    }

    @Test
    void saysWhatSystemdIsMissing() {
        assertFailure(new CredentialSecret("keyturn-key", Optional.empty()))
                .withMessageContaining("credential 'keyturn-key': $CREDENTIALS_DIRECTORY is not set")
                .withMessageContaining("not started by systemd with LoadCredential=keyturn-key");
        assertFailure(new CredentialSecret("keyturn-key", Optional.of(directory)))
                .withMessageContaining("add LoadCredential=keyturn-key:/etc/keyturn/keyturn-key");
    }

    @Test
    void readsAnEnvironmentVariable() throws Exception {
        Environment environment = new Environment(Map.of("KEY", "hünter2", "EMPTY", ""), ConfigLoaderTest.CLOCK);

        assertThat(text(new VariableSecret("KEY", environment))).isEqualTo("hünter2");
        assertFailure(new VariableSecret("EMPTY", environment)).withMessageContaining("is not set, or empty");
        assertFailure(new VariableSecret("OTHER", environment))
                .withMessageContaining("environment variable 'OTHER' is not set");
    }

    @Test
    void readsTheStandardOutputOfACommand() throws Exception {
        assertThat(text(command("printf", "%s\\n", "hunter2"))).isEqualTo("hunter2");
        assertThat(text(command("sh", "-c", "echo noise >&2; echo hunter2"))).isEqualTo("hunter2");
    }

    @Test
    void givesACommandNoShellAndNoInput() throws Exception {
        assertThat(text(command("printf", "%s", "$(id); *"))).isEqualTo("$(id); *");
        assertFailure(command("cat")).withMessageContaining("command 'cat' is empty");
    }

    @Test
    void saysHowACommandFailedWithoutItsOutputAndArguments() {
        assertFailure(command("sh", "-c", "echo hunter2; echo hunter2 >&2; exit 7"))
                .withMessageContaining("command 'sh' ended with status 7")
                .withMessageNotContaining("hunter2");
        assertFailure(command("sh", "-c", "echo hunter2 >&2; exit 8"))
                .withMessageContaining("command 'sh' ended with status 8")
                .withMessageNotContaining("hunter2");
        assertFailure(command("keyturn-no-such-program", "hunter2"))
                .withMessageContaining("command 'keyturn-no-such-program' can't be started")
                .withMessageNotContaining("hunter2");
    }

    @Test
    void refusesACommandThatPrintsTooMuch() {
        assertFailure(command("head", "-c", "100000", "/dev/zero")).withMessageContaining("more than 64 KiB");
        assertFailure(command("yes")).withMessageContaining("more than 64 KiB");
    }

    @Test
    void endsACommandThatTakesTooLong() throws Exception {
        Path started = directory.resolve("pid");
        CommandSecret slow = new CommandSecret(
                List.of("sh", "-c", "echo $$ > '" + started + "'; sleep 600 & wait"), Duration.ofSeconds(1), Set.of());

        do {
            assertFailure(slow).withMessageContaining("command 'sh' did not end within 1 s");
            // A busy machine may not come to the echo in that second.
        } while (Files.notExists(started) || Files.size(started) == 0);

        long pid = Long.parseLong(Files.readString(started).trim());
        ProcessHandle.of(pid).ifPresent(process -> assertThat(process.onExit()).succeedsWithin(Duration.ofSeconds(60)));
    }

    /** What is left behind keeps the pipe open. Whether the JDK closes it with the process is a race of its own. */
    @Test
    @Timeout(60)
    void doesNotWaitForWhatACommandLeavesBehind() {
        CommandSecret leaving =
                new CommandSecret(List.of("sh", "-c", "sleep 120 & echo hunter2"), Duration.ofSeconds(1), Set.of());

        try {
            assertThat(text(leaving)).isEqualTo("hunter2");
        } catch (SecretUnavailableException e) {
            assertThat(e).hasMessageContaining("did not end within 1 s");
        }
    }

    @Test
    void givesACommandNoVariableThatIsASecretOfItsOwn() throws Exception {
        assertThat(System.getenv()).containsKey("HOME");
        Set<String> named = new HashSet<>();
        CommandSecret command =
                new CommandSecret(List.of("sh", "-c", "echo ${HOME-withheld}"), CommandSecret.TIMEOUT, named);
        assertThat(text(command)).isEqualTo(System.getenv("HOME"));

        named.add("HOME");

        assertThat(text(command)).isEqualTo("withheld");
    }

    @Test
    void isEqualToOneThatReadsTheSameAlone() {
        Environment environment = new Environment(Map.of(), ConfigLoaderTest.CLOCK);
        Environment another = new Environment(Map.of("A", "1"), ConfigLoaderTest.CLOCK);

        assertThat(command("pass", "show", "old"))
                .isEqualTo(command("pass", "show", "old"))
                .hasSameHashCodeAs(command("pass", "show", "old"))
                .isNotEqualTo(command("pass", "show", "new"));
        assertThat(new VariableSecret("A", environment))
                .isEqualTo(new VariableSecret("A", another))
                .hasSameHashCodeAs(new VariableSecret("A", another))
                .isNotEqualTo(new VariableSecret("B", environment));
        assertThat(new FileSecret(directory, Optional.empty()))
                .isEqualTo(new FileSecret(directory, Optional.empty()))
                .hasSameHashCodeAs(new FileSecret(directory, Optional.empty()))
                .isNotEqualTo(new FileSecret(directory.resolve("a"), Optional.empty()));
        assertThat(new CredentialSecret("a", Optional.empty()))
                .isEqualTo(new CredentialSecret("a", Optional.empty()))
                .hasSameHashCodeAs(new CredentialSecret("a", Optional.empty()))
                .isNotEqualTo(new CredentialSecret("b", Optional.empty()));
    }

    @Test
    void neverShowsASecretInItsDescription() throws Exception {
        assertThat(command("pass", "show", "hunter2").describe()).isEqualTo("command 'pass'");
        assertThat(file("hunter2", "rw-------").describe()).isEqualTo("file '" + directory + "/it's'");
        assertThat(new CredentialSecret("a", Optional.empty()).describe()).isEqualTo("credential 'a'");
    }

    private static CommandSecret command(String... command) {
        return new CommandSecret(List.of(command), CommandSecret.TIMEOUT, Set.of());
    }

    private FileSecret file(String content, String permissions) throws Exception {
        Path file = directory.resolve("it's");
        Files.deleteIfExists(file);
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        return new FileSecret(file, Optional.empty());
    }

    private static String text(SecretSource source) throws SecretUnavailableException {
        try (Secret secret = source.load()) {
            return new String(secret.expose(), StandardCharsets.UTF_8);
        }
    }

    private static ThrowableAssertAlternative<SecretUnavailableException> assertFailure(SecretSource source) {
        return assertThatExceptionOfType(SecretUnavailableException.class).isThrownBy(source::load);
    }
}
