package dev.keyturn.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keyturn.rotation.Budgets;
import dev.keyturn.rotation.HostException;
import dev.keyturn.rotation.HostException.Fault;
import dev.keyturn.rotation.HostVisit;
import dev.keyturn.rotation.InstallMethod;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.Predecessor;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalCommandTest {
    private final SshHosts hosts = new SshHosts(SshTimeouts.DEFAULT, 4, new SshKeyPairs(), Budgets.fresh(), Set::of);
    private final LoginSecret.KeyPair old = TestCredentials.newKey();
    private final LoginSecret.KeyPair candidate = TestCredentials.newKey();
    private final Predecessor unadopted = new Predecessor(Optional.empty(), old.fingerprint());

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        hosts.close();
    }

    @Test
    void tellsTheProgramWhatToInstallAndWhatToWithdraw() throws Exception {
        try (HostVisit visit = visit("cat > " + directory + "/$$.json; ls " + directory + " >&2")) {
            visit.preflight(unadopted);
            visit.install(candidate, unadopted);
            visit.withdraw(unadopted, candidate);
        }
        String account = "\"account\":{\"hostname\":\"sftp.example\",\"port\":22,\"user\":\"acme\"}";
        assertThat(inputs())
                .containsExactlyInAnyOrder(
                        "{\"action\":\"status\"," + account + ",\"fingerprint\":\""
                                + old.publicKey().fingerprint() + "\"}",
                        "{\"action\":\"install\"," + account + ",\"public_key\":\""
                                + candidate.publicKey().line() + "\",\"fingerprint\":\""
                                + candidate.publicKey().fingerprint() + "\"}",
                        "{\"action\":\"withdraw\"," + account + ",\"fingerprint\":\""
                                + old.publicKey().fingerprint() + "\"}");
    }

    @Test
    void putsAnOldPasswordBackAndEscapesIt() throws Exception {
        LoginSecret before = TestCredentials.password("a\"b\\c\u0001\u00fc");
        try (HostVisit visit = visit("cat > " + directory + "/$$.json")) {
            visit.uninstall(TestCredentials.password("new"), Predecessor.of(before));
        }
        assertThat(inputs()).hasSize(1);
        assertThat(inputs().get(0))
                .contains("\"action\":\"install\"")
                .contains("\"password\":\"a\\\"b\\\\c\\u0001\u00fc\"");
    }

    @Test
    void masksThePasswordInWhatTheProgramSays() throws Exception {
        LoginSecret secret = TestCredentials.password("hunter2hunter2");
        try (HostVisit visit = visit("cat; exit 3")) {
            assertThatExceptionOfType(HostException.class)
                    .isThrownBy(() -> visit.install(secret, unadopted))
                    .withMessageContaining("status 3")
                    .withMessageContaining("\"password\":\"****\"")
                    .withMessageNotContaining("hunter2")
                    .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.COMMAND_REFUSED));
        }
    }

    @Test
    void masksThePasswordInTheJsonThatItSends() throws Exception {
        LoginSecret secret = TestCredentials.password("7\"q\\Zk\"w");
        try (HostVisit visit = visit("cat; exit 3")) {
            assertThatExceptionOfType(HostException.class)
                    .isThrownBy(() -> visit.install(secret, unadopted))
                    .withMessageContaining("\"password\":\"****\"");
        }
    }

    @Test
    void showsNoBeginningOfAPasswordWhereItStopsReading() throws Exception {
        SaidText said = new SaidText();
        said.write("x".repeat(16 * 1024 - 4).getBytes(StandardCharsets.US_ASCII));
        said.write("hunter2".getBytes(StandardCharsets.US_ASCII));

        assertThat(said.text(List.of(Secret.takeOver("hunter2".getBytes(StandardCharsets.US_ASCII)))))
                .isEqualTo("x".repeat(16 * 1024 - 4));
    }

    @Test
    void doesNotGiveTheProgramTheVariablesThatHoldSecrets() throws Exception {
        assertThat(System.getenv()).containsKeys("HOME", "PATH");
        Path seen = directory.resolve("environment");
        try (SshHosts withholding = new SshHosts(
                        SshTimeouts.DEFAULT, 4, new SshKeyPairs(), Budgets.fresh(), () -> Set.of("HOME", "UNSET"));
                HostVisit visit = visit(withholding, script("env > " + seen))) {
            visit.install(candidate, unadopted);
        }

        assertThat(Files.readAllLines(seen))
                .noneMatch(line -> line.startsWith("HOME="))
                .anyMatch(line -> line.startsWith("PATH="));
    }

    @Test
    void comesBackLaterWhereTheProgramAsksForIt() throws Exception {
        assertThat(faultOf("exit 75", Duration.ofSeconds(20))).isEqualTo(Fault.COMMAND_TRY_AGAIN);
    }

    @Test
    void endsAProgramThatTakesTooLongAndItsChildren() throws Exception {
        Path mark = directory.resolve("child");
        String script = "sleep 300 & echo $! > " + mark + "; wait";
        do {
            assertThat(faultOf(script, Duration.ofSeconds(1))).isEqualTo(Fault.COMMAND_TIMED_OUT);
            // A busy machine may not come to the echo in that second.
        } while (Files.notExists(mark) || Files.size(mark) == 0);
        long child = Long.parseLong(Files.readString(mark).strip());
        ProcessHandle.of(child)
                .ifPresent(handle -> handle.onExit()
                        .orTimeout(60, java.util.concurrent.TimeUnit.SECONDS)
                        .join());
        assertThat(ProcessHandle.of(child).filter(ProcessHandle::isAlive)).isEmpty();
    }

    @Test
    void saysThatAProgramCanNotBeStarted() throws Exception {
        InstallMethod missing = new InstallMethod.LocalCommand(List.of("/nowhere/at-all"), Duration.ofSeconds(5));
        try (HostVisit visit = visit(missing)) {
            assertThatExceptionOfType(HostException.class)
                    .isThrownBy(() -> visit.install(candidate, unadopted))
                    .withMessageContaining("/nowhere/at-all");
        }
    }

    private Fault faultOf(String script, Duration timeout) throws Exception {
        try (HostVisit visit = visit(new InstallMethod.LocalCommand(List.of("/bin/sh", "-c", script), timeout))) {
            visit.install(candidate, unadopted);
            throw new AssertionError("no failure");
        } catch (HostException e) {
            return e.fault();
        }
    }

    private HostVisit visit(String script) {
        return visit(script(script));
    }

    private static InstallMethod script(String script) {
        return new InstallMethod.LocalCommand(List.of("/bin/sh", "-c", script), Duration.ofSeconds(20));
    }

    private HostVisit visit(InstallMethod method) {
        return visit(hosts, method);
    }

    private static HostVisit visit(SshHosts hosts, InstallMethod method) {
        ManagedCredential any = TestCredentials.key("acme");
        return hosts.visit(TestCredentials.key(any.account(), any.hostKey(), method));
    }

    private List<String> inputs() throws Exception {
        try (var files = Files.list(directory)) {
            List<String> texts = new java.util.ArrayList<>();
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".json")).toList()) {
                texts.add(Files.readString(file));
            }
            return texts;
        }
    }
}
