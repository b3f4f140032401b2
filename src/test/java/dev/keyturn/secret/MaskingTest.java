package dev.keyturn.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MaskingTest {
    private static final String KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\n"
            + "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\n"
            + "QyNTUxOQAAACD2\n"
            + "-----END OPENSSH PRIVATE KEY-----\n";

    private final Masking masking = new Masking();

    private static Secret secret(String text) {
        return Secret.takeOver(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void masksALineThatIsShorterThanARunWhereItStandsWhole() {
        masking.with(secret("short7\n"));

        assertThat(masking.mask("it was short7, not shor")).isEqualTo("it was ****, not shor");
    }

    @Test
    void masksEachLineOfAKeyAndWhatIsLeftOfOneButNotItsFrame() {
        masking.with(secret(KEY));

        assertThat(masking.mask("no -----BEGIN OPENSSH PRIVATE KEY----- in QyNTUxOQAAACD2, nor ZXktdjEAAAAABG5v"))
                .isEqualTo("no -----BEGIN OPENSSH PRIVATE KEY----- in ****, nor ****");
    }

    @Test
    void masksASecretAsItStandsInJson() {
        masking.with(secret("a\"b")).with(secret("c\\d")).with(secret("e\u0001f"));

        assertThat(masking.mask("{\"x\":\"a\\\"b\",\"y\":\"c\\\\d\",\"z\":\"e\\u0001f\"}"))
                .isEqualTo("{\"x\":\"****\",\"y\":\"****\",\"z\":\"****\"}");
        assertThat(masking.mask("a\"b c\\d e\u0001f")).isEqualTo("**** **** ****");
    }

    @Test
    void leavesOutASecretThatBeginsAtTheEndOfACutText() {
        masking.with(secret("hunter2-hunter2")).with(secret("un\"known"));

        assertThat(cut("it said: hunt")).isEqualTo("it said: ");
        assertThat(cut("it said: hunter2-hunter2")).isEqualTo("it said: ");
        assertThat(cut("it said: un\\")).isEqualTo("it said: ");
        assertThat(cut("it said: hunting")).isEqualTo("it said: hunting");
        assertThat(masking.mask("it said: hunt")).isEqualTo("it said: hunt");
    }

    private String cut(String text) {
        return masking.mask(text.getBytes(StandardCharsets.UTF_8), true);
    }

    @Test
    void wipesWhatItTookOverAndNothingElse() {
        Secret lent = secret("lent-to-it");
        Secret own = secret("its-own-one");
        byte[] bytes = own.expose();
        masking.with(lent).takeOver(own);

        masking.close();

        assertThat(bytes).isEqualTo(new byte[bytes.length]);
        assertThatIllegalStateException().isThrownBy(own::expose);
        assertThat(Arrays.equals(lent.expose(), "lent-to-it".getBytes(StandardCharsets.UTF_8)))
                .isTrue();
    }
}
