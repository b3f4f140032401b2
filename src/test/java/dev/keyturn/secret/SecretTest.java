package dev.keyturn.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SecretTest {
    private static final byte[] HORSE = "correct horse".getBytes(StandardCharsets.UTF_8);

    @Test
    void wipesTheArrayItTookOver() {
        byte[] bytes = HORSE.clone();

        Secret.takeOver(bytes).close();

        assertThat(bytes).containsOnly(0);
    }

    @Test
    void leavesTheCallersArrayAlone() {
        byte[] bytes = HORSE.clone();
        Secret secret = Secret.copyOf(bytes);
        byte[] own = secret.expose();

        secret.close();

        assertThat(bytes).isEqualTo(HORSE);
        assertThat(own).containsOnly(0);
    }

    @Test
    void exposesTheLiveBytes() {
        byte[] bytes = HORSE.clone();

        assertThat(Secret.takeOver(bytes).expose()).isSameAs(bytes);
    }

    @Test
    void isNotReadableOnceWiped() {
        Secret secret = Secret.copyOf(HORSE);
        secret.close();
        secret.close();

        assertThatIllegalStateException().isThrownBy(secret::expose);
        assertThatIllegalStateException().isThrownBy(secret::copy);
        assertThatIllegalStateException().isThrownBy(() -> secret.sameAs(Secret.copyOf(HORSE)));
        assertThatIllegalStateException().isThrownBy(() -> Secret.copyOf(HORSE).sameAs(secret));
    }

    @Test
    void copiesOutliveTheOriginal() {
        Secret secret = Secret.copyOf(HORSE);
        Secret copy = secret.copy();

        secret.close();

        assertThat(copy.expose()).isEqualTo(HORSE);
    }

    @Test
    void comparesContent() {
        Secret secret = Secret.copyOf(HORSE);

        assertThat(secret.sameAs(Secret.copyOf(HORSE))).isTrue();
        assertThat(secret.sameAs(Secret.copyOf("correct horsf".getBytes(StandardCharsets.UTF_8))))
                .isFalse();
        assertThat(secret.sameAs(Secret.copyOf("correct hors".getBytes(StandardCharsets.UTF_8))))
                .isFalse();
        assertThat(secret.sameAs(Secret.copyOf(new byte[0]))).isFalse();
    }

    @Test
    void neverPrintsItself() {
        Secret secret = Secret.copyOf(HORSE);
        LoginSecret.Password password = new LoginSecret.Password(secret);
        LoginSecret.KeyPair pair =
                new LoginSecret.KeyPair(Secret.copyOf(HORSE), PublicKey.parse(FingerprintTest.ED25519));

        assertThat(secret).hasToString("Secret[****]");
        assertThat(password).hasToString("Password[value=Secret[****]]");
        assertThat(pair.toString()).contains("Secret[****]").doesNotContain("horse");
        assertThat(secret.length()).isEqualTo(HORSE.length);
    }

    @Test
    void closingALoginSecretWipesIt() {
        LoginSecret.Password password = new LoginSecret.Password(Secret.copyOf(HORSE));
        LoginSecret.KeyPair pair =
                new LoginSecret.KeyPair(Secret.copyOf(HORSE), PublicKey.parse(FingerprintTest.ED25519));
        LoginSecret.Password passwordCopy = password.copy();
        LoginSecret.KeyPair pairCopy = pair.copy();

        password.close();
        pair.close();

        assertThatIllegalStateException().isThrownBy(() -> password.value().expose());
        assertThatIllegalStateException().isThrownBy(() -> pair.privateKey().expose());
        assertThat(passwordCopy.value().expose()).isEqualTo(HORSE);
        assertThat(pairCopy.privateKey().expose()).isEqualTo(HORSE);
    }

    @Test
    void speaksDromosWords() {
        assertThat(new LoginSecret.Password(Secret.copyOf(HORSE)).authType()).isEqualTo(AuthType.PASSWORD);
        assertThat(new LoginSecret.Password(Secret.copyOf(HORSE)).fingerprint()).isEmpty();
        LoginSecret.KeyPair pair =
                new LoginSecret.KeyPair(Secret.copyOf(HORSE), PublicKey.parse(FingerprintTest.ED25519));
        assertThat(pair.authType()).isEqualTo(AuthType.KEY);
        assertThat(pair.fingerprint()).contains(new Fingerprint(FingerprintTest.ED25519_FINGERPRINT));
    }
}
