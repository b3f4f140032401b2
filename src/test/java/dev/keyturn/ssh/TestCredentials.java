package dev.keyturn.ssh;

import dev.keyturn.policy.KeyAlgorithm;
import dev.keyturn.policy.PasswordRules;
import dev.keyturn.policy.Policy;
import dev.keyturn.policy.RetryRule;
import dev.keyturn.policy.SecretRules;
import dev.keyturn.policy.Timing;
import dev.keyturn.rotation.Account;
import dev.keyturn.rotation.Administrator;
import dev.keyturn.rotation.HostKeyTrust;
import dev.keyturn.rotation.InstallMethod;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.Secret;
import dev.keyturn.secret.SecretSource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Credentials and secrets for tests. */
public final class TestCredentials {
    private static final SshKeyPairs KEYS = new SshKeyPairs();
    private static final AtomicInteger NUMBER = new AtomicInteger(1000);
    private static final Fingerprint NOBODY = Fingerprint.ofBlob(new byte[0]);

    private TestCredentials() {}

    public static LoginSecret.KeyPair newKey() {
        return KEYS.generate(KeyAlgorithm.ED25519, "test");
    }

    public static LoginSecret.Password newPassword() {
        return password("Quite-unusual-words-" + NUMBER.incrementAndGet());
    }

    public static LoginSecret.Password password(String text) {
        return new LoginSecret.Password(Secret.takeOver(text.getBytes(StandardCharsets.UTF_8)));
    }

    public static String text(LoginSecret secret) {
        Secret text = secret instanceof LoginSecret.KeyPair pair
                ? pair.privateKey()
                : ((LoginSecret.Password) secret).value();
        return new String(text.expose(), StandardCharsets.UTF_8);
    }

    /** A key credential of an account that needs no host. */
    public static ManagedCredential key(String name) {
        return key(new Account("sftp.example", 22, name), new HostKeyTrust.Pinned(NOBODY));
    }

    public static ManagedCredential key(Account account, HostKeyTrust trust) {
        return key(
                account,
                trust,
                new InstallMethod.AuthorizedKeys(InstallMethod.AuthorizedKeys.DEFAULT_PATH, Optional.empty()));
    }

    public static ManagedCredential key(Account account, HostKeyTrust trust, InstallMethod method) {
        return credential(account, trust, method, new SecretRules.SshKey(KeyAlgorithm.ED25519));
    }

    public static ManagedCredential password(Account account, HostKeyTrust trust, InstallMethod method) {
        PasswordRules rules = new PasswordRules(
                PasswordRules.DEFAULT_LENGTH,
                EnumSet.allOf(PasswordRules.CharacterClass.class),
                PasswordRules.DEFAULT_SYMBOLS,
                "");
        return credential(account, trust, method, new SecretRules.Password(rules));
    }

    public static Administrator administrator(String user, LoginSecret secret) {
        return new Administrator(user, secret.authType(), new SecretSource() {
            @Override
            public Secret load() {
                return secret instanceof LoginSecret.KeyPair pair
                        ? pair.privateKey().copy()
                        : ((LoginSecret.Password) secret).value().copy();
            }

            @Override
            public String describe() {
                return "a test's " + AuthType.KEY;
            }
        });
    }

    private static ManagedCredential credential(
            Account account, HostKeyTrust trust, InstallMethod method, SecretRules rules) {
        Policy policy = new Policy(
                "test",
                rules,
                Timing.of(Optional.empty(), RetryRule.DEFAULT),
                Duration.ZERO,
                Optional.empty(),
                true,
                Optional.empty());
        return new ManagedCredential(
                account.user(), policy, "dromo-id", account, trust, method, Optional.empty(), Map.of());
    }
}
