package dev.keyturn.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FingerprintTest {
    static final String ED25519 =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBseBdCGCd9VLqvnGqO+PBCSJmlEENcqu4dgEjmVEZOP a comment";
    static final String ED25519_FINGERPRINT = "SHA256:DGPyzz1HxIxjQ0e6Wd2klw/8jdXNjZ7ZWZsezddlV1U";
    private static final String ECDSA = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBMV"
            + "+iu3u825zZzOkQvCUuZFF6tZgJjq7H7pcWAv7jE4qrWw1tmhfZijQZJpRcK7h9gelhZ39BfMFAZ13dndoniE=";

    /** What ssh-keygen -lf prints of the same lines. */
    @ParameterizedTest
    @CsvSource({ED25519 + ", " + ED25519_FINGERPRINT, ECDSA + ", SHA256:DaRHhxreEhgnt+yJclnigHpD06R2hzEYyfqzIDVREDw"})
    void isWhatSshKeygenPrints(String line, String fingerprint) {
        assertThat(PublicKey.parse(line).fingerprint()).hasToString(fingerprint);
        assertThat(PublicKey.parse(line).fingerprint()).isEqualTo(new Fingerprint(fingerprint));
    }

    @ParameterizedTest
    @ValueSource(strings = {ED25519_FINGERPRINT + "=", " " + ED25519_FINGERPRINT + "\n"})
    void dropsPaddingAndSpaceAround(String text) {
        assertThat(new Fingerprint(text)).isEqualTo(new Fingerprint(ED25519_FINGERPRINT));
        assertThat(new Fingerprint(text).text()).hasSize(50);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SHA256:",
                "sha256:DGPyzz1HxIxjQ0e6Wd2klw/8jdXNjZ7ZWZsezddlV1U",
                "DGPyzz1HxIxjQ0e6Wd2klw/8jdXNjZ7ZWZsezddlV1U",
                "MD5:31:89:dc:d6:74:e6:a6:3f:19:d5:4f:15:98:b2:97:30",
                "31:89:dc:d6:74:e6:a6:3f:19:d5:4f:15:98:b2:97:30",
                "SHA256:DGPyzz1HxIxjQ0e6Wd2klw/8jdXNjZ7ZWZsezddlV1",
                "SHA256:DGPyzz1HxIxjQ0e6Wd2klw/8jdXNjZ7ZWZsezddlV1UA",
                "SHA256:DGPyzz1HxIxjQ0e6Wd2klw_8jdXNjZ7ZWZsezddlV1U",
                "SHA256:DGPyzz1HxIxjQ0e6Wd2klw/8jdXNjZ7ZWZsezddlV1U==",
                "SHA256: DGPyzz1HxIxjQ0e6Wd2klw/8jdXNjZ7ZWZsezddlV1U"
            })
    void showsAnAcceptedOneForAnythingElse(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Fingerprint(text))
                .withMessage("'" + text + "' is not a SHA-256 fingerprint such as"
                        + " SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU");
    }

    /** The last character has two bits that no digest fills; another text is no other form of the same fingerprint. */
    @ParameterizedTest
    @ValueSource(strings = {"V", "W", "X"})
    void refusesStrayBitsInTheLastCharacter(String last) {
        String text = ED25519_FINGERPRINT.substring(0, 49) + last;

        assertThatIllegalArgumentException().isThrownBy(() -> new Fingerprint(text));
    }

    @Test
    void hashesTheBlob() {
        assertThat(Fingerprint.ofBlob(new byte[0]).text())
                .isEqualTo("SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU");
    }

    @Test
    void readsAPublicKeyLine() {
        PublicKey key = PublicKey.parse("  " + ED25519 + "\n");

        assertThat(key.type()).isEqualTo("ssh-ed25519");
        assertThat(key.line()).isEqualTo(ED25519.replace(" a comment", ""));
        assertThat(key).hasToString(key.line());
        assertThat(key).isEqualTo(PublicKey.parse(key.line()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ssh-ed25519",
                "ssh-ed25519 not*base64",
                "ssh-ed25519 AAAA-_",
                "from=\"10.0.0.0/8\" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBseBdCGCd9VLqvnGqO+PBCSJmlEENcqu4dgEjmVEZOP"
            })
    void saysWhatAPublicKeyLineLooksLike(String line) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PublicKey.parse(line))
                .withMessageStartingWith("a public key line is 'TYPE BASE64 [COMMENT]'");
    }

    /** The type goes into authorized_keys as it is. */
    @ParameterizedTest
    @ValueSource(strings = {"", "ssh ed25519", "ssh-ed25519\n", "ssh-ed25519\nssh-rsa", "\tssh-ed25519"})
    void refusesATypeThatWouldBreakTheLine(String type) {
        assertThatIllegalArgumentException().isThrownBy(() -> new PublicKey(type, "AAAA"));
    }
}
