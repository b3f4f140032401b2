package dev.keyturn.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.keyturn.realhost.KeyFiles;
import dev.keyturn.realhost.NewAccount;
import dev.keyturn.realhost.RequiresSshd;
import dev.keyturn.sandbox.DromoCall;
import dev.keyturn.sandbox.DromoFault;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Commands beside a daemon, over its control socket. */
@RequiresSshd
class ControlIT {

    private static final String OFTEN = "{secret: {type: ssh_key}, schedule: {cron: \"*/2 * * * * ?\"}}";
    private static final String SELDOM = "{secret: {type: ssh_key}, schedule: {every: 60d}}";
    private static final int SOMEBODY = 4242;
    private static final int OPERATORS = 4343;

    private static Scene scene;

    /** Until then a PUT that is {@link #held} waits, and its rotation stands in the middle. */
    private final CountDownLatch goOn = new CountDownLatch(1);

    private Installation keyturn;
    private ManagedAccount acme;

    @BeforeAll
    static void openScene() {
        scene = Scene.open();
    }

    @AfterAll
    static void closeScene() {
        scene.close();
    }

    @BeforeEach
    void install() {
        scene.dromo().faults().clear();
        keyturn = scene.installation().policy("often", OFTEN).policy("seldom", SELDOM);
    }

    private DromoFault held() {
        return exchange -> {
            try {
                assertThat(goOn.await(2, TimeUnit.MINUTES))
                        .as("somebody lets the PUT go on")
                        .isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return exchange.proceed();
        };
    }

    @AfterEach
    void remove() {
        keyturn.close();
    }

    @Test
    void aCommandIsDoneByTheDaemonAndItsTextComesAsItHappens() throws IOException {
        adopt("asked", "seldom");
        try (Running daemon = ready()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keyturn.socket())))
                    .isEqualTo("rw-rw----");

            Ran rotated = keyturn.run("rotate", "asked", "--reason", "because  of 'this' @that");

            assertThat(rotated.status()).as(rotated::toString).isEqualTo(0);
            assertThat(rotated.out())
                    .containsSubsequence(
                            "asked: preflight: ok", "asked: publish: ok", "asked: confirm: ok", "asked: completed in");
            assertThat(rotated.err()).isEmpty();
            assertThat(daemon.out()).contains("Asked over the control socket").contains("Rotation done");
            Ran json = keyturn.run("rotate", "--all", "--json");
            assertThat(json.jsonOf("asked").path("outcome").asString()).isEqualTo("completed");
            assertThat(keyturn.run("verify", "asked").out()).contains("asked: sound");
            assertThat(keyturn.run("recover").out()).contains("nothing to recover");
            assertThat(keyturn.run("check", "--online").status()).isEqualTo(0);
            assertThat(keyturn.run("why", "asked", "--online").out()).contains("preflight");
            assertThat(keyturn.run("rotate", "nobody").status()).isEqualTo(2);
            assertThat(daemon.terminate().ended().status()).isEqualTo(0);
        }
        assertThat(keyturn.socket()).doesNotExist();
        acme.assertRotated();
        keyturn.assertAuditVerifies();
        JsonNode started = audit("rotation.started").get(0);
        assertThat(started.path("detail").path("reason").asString()).isEqualTo("because  of 'this' @that");
        assertThat(started.path("actor").path("kind").asString()).isEqualTo("cli");
    }

    @Test
    void theTimetableFollowsAPauseAndItsEnd() {
        adopt("followed", "often");
        Ran before = keyturn.run("pause", "followed");
        assertThat(before.status()).as(before::toString).isEqualTo(0);
        try (Running daemon = ready()) {
            assertThat(daemon.endsWithin(Duration.ofSeconds(3))).isFalse();
            assertThat(puts()).isEqualTo(0);

            assertThat(keyturn.run("resume", "followed").out()).contains("followed: resumed");
            daemon.until("Dromo got a key", () -> puts() >= 1);

            Ran paused = keyturn.run("pause", "followed", "--reason", "a hand on it");
            assertThat(paused.status()).as(paused::toString).isEqualTo(0);
            daemon.until("what was in flight is done", () -> state("followed").equals("paused"));
            long then = puts();
            assertThat(daemon.endsWithin(Duration.ofSeconds(5))).isFalse();
            assertThat(puts()).isEqualTo(then);
            assertThat(daemon.terminate().ended().status()).isEqualTo(0);
        }
        assertThat(audit("credential.paused")).hasSize(2);
    }

    @Test
    void adoptsWhatIsHandedOverToIt() throws IOException {
        acme = scene.withKey(NewAccount.shell("handed"), KeyFiles.make("ed25519"));
        ManagedAccount word = scene.withPassword(NewAccount.shell("handed-word"), "Old-words-to-hand-over-1");
        keyturn.policy("words", "{secret: {type: password}, allow_gap: true}")
                .manage(acme, "often", "{method: authorized_keys}")
                .manage(word, "words", "{method: passwd}");
        Path another =
                keyturn.secretFile("another-key", KeyFiles.make("ed25519").privateKey());
        Path missing = keyturn.directory().resolve("missing");

        try (Running daemon = ready()) {
            Ran refused = keyturn.run("adopt", "handed", "--private-key-file", another.toString());
            assertThat(refused.status()).as(refused::toString).isEqualTo(1);
            assertThat(refused.out()).contains("handed: not adopted", "Dromo holds the key");
            Ran nothing = keyturn.run("adopt", "handed", "--private-key-file", missing.toString());
            assertThat(nothing.status()).as(nothing::toString).isEqualTo(1);
            assertThat(nothing.out()).contains("handed: not adopted", "missing doesn't exist");
            assertThat(keyturn.run("adopt", "handed", "--password-file", another.toString())
                            .out())
                    .contains("is for a key: give --private-key-file");
            assertThat(keyturn.run("adopt", "nobody", "--private-key-file", another.toString())
                            .status())
                    .isEqualTo(2);

            Ran adopted = keyturn.run(
                    "adopt", "--from", keyturn.adoptionList(acme, word).toString());

            assertThat(adopted.status()).as(adopted::toString).isEqualTo(0);
            assertThat(adopted.out()).contains("handed: adopted", "handed-word: adopted");
            assertThat(adopted.err()).isEmpty();
            assertThat(state("handed-word")).isEqualTo("current");
            daemon.until("its turn has come", () -> puts() >= 1);
            assertThat(daemon.terminate().ended().status()).isEqualTo(0);
            assertThat(new Canaries()
                            .privateKey("the old key", new String(acme.oldSecret(), StandardCharsets.US_ASCII))
                            .password("the old password", "Old-words-to-hand-over-1")
                            .in(daemon.out().getBytes(StandardCharsets.UTF_8)))
                    .isEmpty();
        }
        assertThat(audit("credential.adopted"))
                .hasSize(3)
                .allSatisfy(record ->
                        assertThat(record.at("/actor/kind").asString()).isEqualTo("cli"));
        keyturn.assertAuditVerifies();
    }

    @Test
    void theKernelSaysWhoAsked() throws IOException {
        assumeTrue(isRoot(), "only root can become somebody else");
        adopt("theirs", "seldom");
        Files.setPosixFilePermissions(keyturn.directory(), PosixFilePermissions.fromString("rwx--x--x"));
        try (Running daemon = ready()) {
            Files.setAttribute(keyturn.socket(), "unix:gid", OPERATORS);
            Files.setAttribute(keyturn.socket().getParent(), "unix:gid", OPERATORS);

            // Neither the configuration nor the state is theirs to read.
            Ran status =
                    keyturn.startAs(SOMEBODY, OPERATORS, "status", "--json").ended();
            assertThat(status.status()).as(status::toString).isEqualTo(0);
            assertThat(status.jsonOf("theirs").path("state").asString()).isEqualTo("current");
            Files.setPosixFilePermissions(keyturn.configuration(), PosixFilePermissions.fromString("rw-r--r--"));
            Ran again = keyturn.startAs(SOMEBODY, OPERATORS, "status", "--json").ended();
            assertThat(again.out()).isEqualTo(status.out());
            Ran paused = keyturn.startAs(SOMEBODY, OPERATORS, "pause", "theirs").ended();
            assertThat(paused.status()).as(paused::toString).isEqualTo(0);

            Path own = keyturn.secretFile("their-key", acme.oldSecret());
            Files.setAttribute(own, "unix:uid", SOMEBODY);
            Ran handed = keyturn.startAs(SOMEBODY, OPERATORS, "adopt", "theirs", "--private-key-file", own.toString())
                    .ended();
            assertThat(handed.status()).as(handed::toString).isEqualTo(0);
            Ran notTheirs = keyturn.startAs(
                            SOMEBODY,
                            OPERATORS,
                            "adopt",
                            "theirs",
                            "--private-key-file",
                            keyturn.encryptionKey().toString())
                    .ended();
            assertThat(notTheirs.status()).as(notTheirs::toString).isEqualTo(1);
            assertThat(notTheirs.out()).contains("can't be read");

            Ran refused =
                    keyturn.startAs(SOMEBODY, SOMEBODY, "resume", "theirs").ended();
            assertThat(refused.status()).as(refused::toString).isNotEqualTo(0);
            assertThat(refused.err()).contains("is not open to this user");
            assertThat(state("theirs")).isEqualTo("paused");
            assertThat(daemon.terminate().ended().status()).isEqualTo(0);
        }
        JsonNode actor = audit("credential.paused").get(0).path("actor");
        assertThat(actor.path("kind").asString()).isEqualTo("cli");
        assertThat(actor.path("uid").asInt()).isEqualTo(SOMEBODY);
        assertThat(actor.path("name").asString()).isNotEmpty();
    }

    @Test
    void reloadSaysWhatChangedOrWhyItDidNot() {
        adopt("reloaded", "seldom");
        Ran alone = keyturn.run("reload");
        assertThat(alone.status()).as(alone::toString).isEqualTo(1);
        assertThat(alone.err()).contains("no daemon to reload");
        try (Running daemon = ready()) {
            keyturn.policy("broken", "{secret: {type: no_such_thing}}").policy("wrong", "{}");
            Ran invalid = keyturn.run("reload");
            assertThat(invalid.status()).as(invalid::toString).isEqualTo(78);
            assertThat(invalid.err())
                    .contains("policies.broken.secret.type")
                    .contains("policies.wrong")
                    .contains("stays in force");

            Ran status = keyturn.run("status");
            assertThat(status.status()).as(status::toString).isEqualTo(0);
            assertThat(status.out()).contains("reloaded");
            assertThat(status.err()).contains("is not valid now");
            Ran paused = keyturn.run("pause", "reloaded");
            assertThat(paused.status()).as(paused::toString).isEqualTo(0);

            keyturn.policy("broken", SELDOM).policy("wrong", SELDOM).limits("{workers: 2, per_host: 1}");
            Ran restart = keyturn.run("reload");
            assertThat(restart.status()).as(restart::toString).isEqualTo(1);
            assertThat(restart.err()).contains("a change of limits needs a restart");

            keyturn.limits("{workers: 16, per_host: 4}").manage(acme, "broken", "{method: authorized_keys}");
            Ran noted = keyturn.run("verify", "reloaded");
            assertThat(noted.err()).contains("keyturn reload takes the changes in");
            Ran reloaded = keyturn.run("reload");
            assertThat(reloaded.status()).as(reloaded::toString).isEqualTo(0);
            assertThat(reloaded.out()).contains("changed: reloaded");
            assertThat(keyturn.run("verify", "reloaded").err()).isEmpty();
            assertThat(daemon.terminate().ended().status()).isEqualTo(0);
        }
        assertThat(audit("config.loaded"))
                .extracting(record -> record.path("outcome").asString("") + " "
                        + record.path("actor").path("kind").asString(""))
                .containsExactly(" ", "failure cli", "failure cli", "success cli");
    }

    @Test
    void aSocketThatAKillLeftBehindIsNoHindrance() {
        adopt("killed", "seldom");
        try (Running daemon = ready()) {
            daemon.kill().ended();
        }
        assertThat(keyturn.socket()).exists();
        Ran alone = keyturn.run("pause", "killed");
        assertThat(alone.status()).as(alone::toString).isEqualTo(0);

        try (Running daemon = ready()) {
            Ran asked = keyturn.run("resume", "killed");
            assertThat(asked.status()).as(asked::toString).isEqualTo(0);
            assertThat(daemon.out()).contains("Asked over the control socket");
            assertThat(daemon.terminate().ended().status()).isEqualTo(0);
        }
        assertThat(keyturn.socket()).doesNotExist();
    }

    @Test
    void ofTwoWhoRotateTheSameCredentialOneIsTurnedAway() {
        adopt("twice", "seldom");
        try (Running daemon = ready()) {
            scene.dromo().faults().onNext(DromoCall.PUT, held());
            Running first = keyturn.start("rotate", "twice");
            first.until("it installed the key", () -> first.out().contains("prove: ok"));

            Ran second = keyturn.run("rotate", "twice");

            assertThat(second.status()).as(second::toString).isEqualTo(75);
            assertThat(second.out()).contains("busy");
            goOn.countDown();
            Ran done = first.ended();
            assertThat(done.status()).as(done::toString).isEqualTo(0);
            assertThat(daemon.terminate().ended().status()).isEqualTo(0);
        }
        acme.assertRotated();
    }

    @Test
    void aRotationGoesOnWhereItsClientIsKilled() {
        adopt("alone", "seldom");
        try (Running daemon = ready()) {
            scene.dromo().faults().onNext(DromoCall.PUT, held());
            Running client = keyturn.start("rotate", "alone");
            client.until("it installed the key", () -> client.out().contains("prove: ok"));

            client.kill().ended();
            goOn.countDown();

            daemon.until("the rotation is done", () -> daemon.out().contains("Rotation done"));
            assertThat(keyturn.run("verify", "alone").status()).isEqualTo(0);
            assertThat(daemon.terminate().ended().status()).isEqualTo(0);
        }
        acme.assertRotated();
    }

    @Test
    void aDaemonThatIsStoppedFinishesWhatItWasAskedFor() {
        adopt("finished", "seldom");
        try (Running daemon = ready()) {
            scene.dromo().faults().onNext(DromoCall.PUT, held());
            Running client = keyturn.start("rotate", "finished");
            client.until("it installed the key", () -> client.out().contains("prove: ok"));

            daemon.terminate();
            daemon.until("the socket is gone", () -> !Files.exists(keyturn.socket()));
            Ran late = keyturn.run("pause", "finished");

            assertThat(late.status()).as(late::toString).isEqualTo(75);
            assertThat(late.err()).contains("nobody answers at " + keyturn.socket());
            goOn.countDown();
            Ran done = client.ended();
            assertThat(done.status()).as(done::toString).isEqualTo(0);
            assertThat(done.out()).contains("finished: completed in");
            assertThat(daemon.ended().status()).isEqualTo(0);
        }
        List<JsonNode> all = keyturn.run("audit", "show", "--json").jsonLines();
        assertThat(all.get(all.size() - 1).path("event").asString()).isEqualTo("daemon.stopped");
        acme.assertRotated();
    }

    @Test
    void garbageEndsNothing() throws IOException {
        adopt("calm", "seldom");
        try (Running daemon = ready()) {
            assertThat(said("hello\n")).contains("malformed").doesNotContain("hello");
            assertThat(said("{}\n")).contains("malformed");
            assertThat(said("{\"protocol\":99,\"version\":\"7.0\"}\n")).contains("other_version");
            byte[] much = new byte[1 << 20];
            Arrays.fill(much, (byte) 'x');
            assertThat(said(new String(much, StandardCharsets.US_ASCII))).contains("malformed");

            Ran asked = keyturn.run("verify", "calm");
            assertThat(asked.status()).as(asked::toString).isEqualTo(0);
            assertThat(daemon.terminate().ended().status()).isEqualTo(0);
        }
    }

    @Test
    void theDaemonOfAnotherStateIsLeftAlone() {
        adopt("mine", "seldom");
        Ran paused = keyturn.run("pause", "mine");
        assertThat(paused.status()).as(paused::toString).isEqualTo(0);
        try (Running daemon = ready();
                Installation other = scene.installation().policy("seldom", SELDOM)) {
            other.manage(acme, "seldom", "{method: authorized_keys}").control("{socket: " + keyturn.socket() + "}");

            Ran resumed = other.run("resume", "mine");

            assertThat(resumed.status()).as(resumed::toString).isEqualTo(0);
            assertThat(resumed.out()).contains("was not paused");
            assertThat(state("mine")).isEqualTo("paused");
            Ran second = other.run("run");
            assertThat(second.status()).as(second::toString).isEqualTo(78);
            assertThat(second.err()).contains("another process listens there");
            assertThat(keyturn.run("resume", "mine").status()).isEqualTo(0);
            assertThat(daemon.terminate().ended().status()).isEqualTo(0);
        }
    }

    @Test
    void whatIsNoSocketIsNeverReplaced() {
        Path file = keyturn.secretFile("somebodys", "precious");
        keyturn.control("{socket: somebodys}");

        Ran ran = keyturn.run("run");

        assertThat(ran.status()).as(ran::toString).isEqualTo(78);
        assertThat(ran.err()).contains("something else has this name");
        assertThat(file).hasContent("precious");
    }

    private Running ready() {
        Running daemon = keyturn.start("run");
        return daemon.until("it answers", () -> daemon.out().contains("Commands are answered"));
    }

    private void adopt(String name, String policy) {
        acme = scene.withKey(NewAccount.shell(name), KeyFiles.make("ed25519"));
        keyturn.manage(acme, policy, "{method: authorized_keys}");
        keyturn.adopt(acme);
    }

    private String state(String name) {
        return keyturn.run("status", name, "--json").jsonOf(name).path("state").asString();
    }

    private List<JsonNode> audit(String event) {
        return keyturn.run("audit", "show", "--json").jsonLines().stream()
                .filter(record -> record.path("event").asString().equals(event))
                .toList();
    }

    private long puts() {
        return scene.dromo().requests(DromoCall.PUT).stream()
                .filter(request -> request.credentialId().equals(acme.dromoId()))
                .count();
    }

    /** What the daemon answers to these bytes. */
    private String said(String request) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(keyturn.socket()))) {
            ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
            try {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            } catch (IOException e) {
                assertThat(request.length()).as("bytes that were not taken").isGreaterThan(1 << 16);
            }
            ByteBuffer answer = ByteBuffer.allocate(4096);
            channel.read(answer);
            return new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
        }
    }

    private static boolean isRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)
                && Files.isExecutable(Path.of("/usr/bin/setpriv"));
    }
}
