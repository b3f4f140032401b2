package dev.keyturn.rotation;

import dev.keyturn.policy.KeyAlgorithm;
import dev.keyturn.policy.Policy;
import dev.keyturn.policy.RetryRule;
import dev.keyturn.policy.SecretRules;
import dev.keyturn.policy.Timing;
import dev.keyturn.policy.Verify;
import dev.keyturn.secret.Fingerprint;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Credentials of a key for tests that ask only when it is rotated. */
public final class TestCredential {
    private TestCredential() {}

    /** Without a schedule. */
    public static ManagedCredential named(String name) {
        return of(name, Timing.of(Optional.empty(), RetryRule.DEFAULT), Optional.empty(), "sftp.example");
    }

    /** Without a schedule too, but checked. */
    static ManagedCredential watched(String name, Verify verify) {
        Timing timing = Timing.of(Optional.empty(), RetryRule.DEFAULT);
        return of(name, timing, Optional.empty(), "sftp.example", Optional.of(verify));
    }

    public static ManagedCredential of(String name, Timing timing, Optional<Duration> maxAge, String hostname) {
        return of(name, timing, maxAge, hostname, Optional.empty());
    }

    private static ManagedCredential of(
            String name, Timing timing, Optional<Duration> maxAge, String hostname, Optional<Verify> verify) {
        return of(name, timing, Duration.ZERO, maxAge, hostname, verify);
    }

    public static ManagedCredential overlapping(
            String name, Timing timing, Duration overlap, Optional<Duration> maxAge, String hostname) {
        return of(name, timing, overlap, maxAge, hostname, Optional.empty());
    }

    private static ManagedCredential of(
            String name,
            Timing timing,
            Duration overlap,
            Optional<Duration> maxAge,
            String hostname,
            Optional<Verify> verify) {
        return new ManagedCredential(
                name,
                new Policy(
                        "policy", new SecretRules.SshKey(KeyAlgorithm.ED25519), timing, overlap, maxAge, false, verify),
                "dromo-id",
                new Account(hostname, 22, "dromo"),
                new HostKeyTrust.Pinned(Fingerprint.ofBlob(new byte[] {2})),
                new InstallMethod.AuthorizedKeys(InstallMethod.AuthorizedKeys.DEFAULT_PATH, Optional.empty()),
                Optional.empty(),
                Map.of());
    }
}
