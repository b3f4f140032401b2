package dev.keyturn.dromo;

import static dev.keyturn.dromo.Fixture.ACCOUNT;
import static dev.keyturn.dromo.Fixture.password;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.keyturn.rotation.Account;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.Secret;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PutBodyTest {
    @Test
    void isReadBackAsItWasMeantWhateverTheCharacters() throws MalformedAnswerException {
        StringBuilder all = new StringBuilder();
        for (char c = 0; c < 0x180; c++) {
            all.append(c);
        }
        all.append("\u2028 😀 </script>");
        Account account = new Account("höst\"\\", 2222, "us\ner");
        try (PutBody body = PutBody.of(account, password(all.toString()))) {
            Object read = Json.parse(Arrays.copyOf(body.bytes(), body.length()));

            assertThat(read)
                    .isEqualTo(Map.of(
                            "hostname",
                            "höst\"\\",
                            "port",
                            2222,
                            "user",
                            "us\ner",
                            "auth_type",
                            "PASSWORD",
                            "password",
                            all.toString()));
        }
    }

    @Test
    void hasRoomForTheLongestEscapes() {
        try (PutBody body = PutBody.of(new Account("\u0001", 65535, "\u0001"), password("\u0001".repeat(5000)))) {
            assertThat(body.length()).isGreaterThan(30_000);
        }
    }

    @Test
    void isWipedOnceClosed() {
        PutBody body = PutBody.of(ACCOUNT, Fixture.key());
        byte[] bytes = body.bytes();

        body.close();

        assertThat(bytes).containsOnly(0);
    }

    @Test
    void refusesAnEmptySecretAndOneThatIsNoText() {
        LoginSecret binary = new LoginSecret.Password(Secret.takeOver(new byte[] {'a', (byte) 0xff}));

        assertThatIllegalArgumentException().isThrownBy(() -> PutBody.of(ACCOUNT, password("")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PutBody.of(ACCOUNT, binary))
                .withMessage("the password isn't UTF-8 text, which JSON can't carry");
    }
}
