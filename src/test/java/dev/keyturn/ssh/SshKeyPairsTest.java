package dev.keyturn.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.keyturn.policy.KeyAlgorithm;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.PublicKey;
import dev.keyturn.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SshKeyPairsTest {
    private final SshKeyPairs keys = new SshKeyPairs();

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(KeyAlgorithm.class)
    void makesKeysThatSshKeygenReads(KeyAlgorithm algorithm) throws Exception {
        try (LoginSecret.KeyPair pair = keys.generate(algorithm, "keyturn acme")) {
            assertThat(pair.publicKey().type()).isEqualTo(algorithm.keyType());
            assertThat(TestCredentials.text(pair)).startsWith("-----BEGIN OPENSSH PRIVATE KEY-----");
            Path file = write(pair.privateKey().expose());
            assertThat(keygen("-y", "-f", file.toString()).strip())
                    .isEqualTo(pair.publicKey().line() + " keyturn acme");
            assertThat(keygen("-lf", file.toString()))
                    .contains(pair.publicKey().fingerprint().text());
        }
    }

    @Test
    void readsWhatItMadeAndGivesTheSamePublicKey() {
        try (LoginSecret.KeyPair made = TestCredentials.newKey();
                LoginSecret.KeyPair read = keys.read(made.privateKey())) {
            assertThat(read.publicKey()).isEqualTo(made.publicKey());
            assertThat(made.privateKey().expose()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"rsa,PEM", "ecdsa,PEM", "rsa,PKCS8", "ecdsa,PKCS8", "rsa,RFC4716", "ed25519,RFC4716"})
    void readsKeysOfOtherTools(String type, String format) throws Exception {
        Path file = directory.resolve("key");
        keygen("-q", "-t", type, "-m", format, "-N", "", "-C", "", "-f", file.toString());
        PublicKey expected = PublicKey.parse(Files.readString(Path.of(file + ".pub")));

        try (Secret secret = Secret.takeOver(Files.readAllBytes(file));
                LoginSecret.KeyPair read = keys.read(secret)) {
            assertThat(read.publicKey()).isEqualTo(expected);
            Path written = write(read.privateKey().expose());
            assertThat(PublicKey.parse(keygen("-y", "-f", written.toString()))).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({"ed25519,RFC4716", "rsa,PEM", "rsa,PKCS8"})
    void refusesEncryptedKeysAndSaysSo(String type, String format) throws Exception {
        Path file = directory.resolve("key");
        keygen("-q", "-t", type, "-m", format, "-N", "secret words", "-f", file.toString());

        try (Secret secret = Secret.takeOver(Files.readAllBytes(file))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> keys.read(secret))
                    .withMessageContaining("encrypted")
                    .withMessageContaining("ssh-keygen -p");
        }
    }

    @Test
    void refusesWhatIsNoKeyWithoutQuotingIt() {
        try (Secret secret = Secret.takeOver("hunter2 is no key".getBytes(StandardCharsets.UTF_8))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> keys.read(secret))
                    .withMessageContaining("no private key")
                    .withMessageNotContaining("hunter2")
                    .withNoCause();
        }
    }

    @Test
    void refusesACommentOfSeveralLines() {
        assertThatIllegalArgumentException().isThrownBy(() -> keys.generate(KeyAlgorithm.ED25519, "a\nb"));
    }

    private Path write(byte[] content) throws Exception {
        Path file = Files.createTempFile(
                directory,
                "written",
                "",
                java.nio.file.attribute.PosixFilePermissions.asFileAttribute(
                        java.nio.file.attribute.PosixFilePermissions.fromString("rw-------")));
        return Files.write(file, content);
    }

    private String keygen(String... arguments) throws Exception {
        java.util.List<String> command = new java.util.ArrayList<>(java.util.List.of("ssh-keygen"));
        command.addAll(java.util.List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
