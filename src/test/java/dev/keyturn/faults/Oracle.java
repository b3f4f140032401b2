package dev.keyturn.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.audit.AuditVerification;
import dev.keyturn.audit.AuditVerifier;
import dev.keyturn.audit.IndependentChain;
import dev.keyturn.rotation.CredentialFacts;
import dev.keyturn.rotation.Failure;
import dev.keyturn.rotation.Outcome;
import dev.keyturn.rotation.RotationResult;
import dev.keyturn.rotation.RotationState;
import dev.keyturn.rotation.SecretVersion;
import dev.keyturn.sandbox.DromoCredential;
import dev.keyturn.secret.LoginSecret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Says what must be true, whatever went wrong. It logs in with Apache MINA SSHD, reads the host's files and Dromo's
 * records directly, and follows the audit log's chain itself; only what is encrypted in the store the product decrypts.
 */
final class Oracle {
    private static final String REFUSED = "Authentication failed";

    private final FaultWorld world;

    Oracle(FaultWorld world) {
        this.world = world;
    }

    /** While things go wrong: whatever host and Dromo have is in the store, and a key in Dromo is never off the host. */
    void looksDuringTheFault(RotationResult result) throws Exception {
        result.failure().ifPresent(this::isTold);
        assertThat(result.succeeded()).isEqualTo(result.failure().isEmpty());
        Set<String> kept = secretsInStore();
        assertThat(kept.contains(identity(world.inDromo())))
                .as("what Dromo holds is in the store")
                .isTrue();
        if (isKey()) {
            assertThat(world.account().authorizedKeys())
                    .as("Dromo's key is on the host")
                    .contains(publicHalf(world.inDromo()));
        } else {
            assertThat(kept.contains(world.account().password()))
                    .as("the host's password is in the store")
                    .isTrue();
        }
    }

    private void isTold(Failure failure) {
        assertThat(failure.message()).startsWith(world.credential().name() + ": ");
        assertThat(failure.kind()).matches("[a-z_]+");
        assertThat(failure.validNow()).isNotBlank();
        assertThat(failure.hint()).contains("keyturn ");
    }

    /** Once all is well again: nothing is open, Dromo logs in, and nothing else does. */
    void looksOnceHealed() throws Exception {
        String name = world.credential().name();
        assertThat(world.product().journal().open(name))
                .as("an open rotation of %s", world.product().journal().history(Optional.of(name), 1))
                .isEmpty();
        DromoCredential inDromo = world.inDromo();
        assertThat(world.dromo().tryOut(inDromo)).as("Dromo's login").isNull();
        assertThat(secretsInStore().equals(Set.of(identity(inDromo))))
                .as("the store's secret is the one that Dromo holds")
                .isTrue();
        if (!identity(inDromo).equals(identity(world.old()))) {
            assertThat(world.dromo().tryOut(world.old())).as("the old one").isEqualTo(REFUSED);
        }
        if (isKey()) {
            List<String> lines =
                    new ArrayList<>(world.account().authorizedKeys().lines().toList());
            assertThat(lines)
                    .contains(FaultWorld.FOREIGN_LINE)
                    .containsAll(world.editor().added());
            lines.remove(FaultWorld.FOREIGN_LINE);
            lines.removeAll(world.editor().added());
            assertThat(lines).singleElement().asString().contains(publicHalf(inDromo));
        } else {
            assertThat(Objects.equals(world.account().password(), inDromo.password()))
                    .isTrue();
        }
        auditIsWhole();
    }

    /** A rotation that nothing disturbs completes. */
    void looksAtTheNext(RotationResult next) throws Exception {
        assertThat(next.failure()).as("the next rotation's failure").isEmpty();
        assertThat(next.outcome()).isEqualTo(Outcome.COMPLETED);
        looksOnceHealed();
    }

    private void auditIsWhole() throws Exception {
        Path directory = Product.auditDirectory(world.directory());
        AuditVerification verification = AuditVerifier.verify(directory);
        assertThat(verification.problem()).isEmpty();
        assertThat(verification.openIntents()).isEmpty();
        IndependentChain.assertChained(directory.resolve("audit.jsonl"));
        assertThat(Files.readString(directory.resolve("audit.jsonl")))
                .doesNotContain("PRIVATE KEY")
                .doesNotContain(FaultWorld.text(world.old()).strip());
    }

    private boolean isKey() {
        return world.old().authType().equals("KEY");
    }

    private static String publicHalf(DromoCredential key) {
        return Objects.requireNonNull(key.publicKey());
    }

    /** What tells a secret from others: a key's public half, for its text may be written in several ways; a password. */
    private static String identity(DromoCredential credential) {
        return credential.authType().equals("KEY") ? publicHalf(credential) : FaultWorld.text(credential);
    }

    /** The {@link #identity identities} of all secrets that the store has a use for. */
    private Set<String> secretsInStore() {
        String name = world.credential().name();
        Set<SecretVersion> versions = new HashSet<>();
        world.product().journal().facts(name).flatMap(CredentialFacts::current).ifPresent(versions::add);
        Optional<RotationState> open = world.product().journal().open(name);
        open.flatMap(RotationState::candidate).ifPresent(versions::add);
        open.flatMap(state -> state.head().previous()).ifPresent(versions::add);
        Set<String> identities = new HashSet<>();
        for (SecretVersion version : versions) {
            try (LoginSecret secret = world.product().journal().secret(version)) {
                identities.add(
                        secret instanceof LoginSecret.KeyPair pair
                                ? pair.publicKey().line().split(" ")[1]
                                : new String(
                                        ((LoginSecret.Password) secret).value().expose(), StandardCharsets.UTF_8));
            }
        }
        return identities;
    }
}
