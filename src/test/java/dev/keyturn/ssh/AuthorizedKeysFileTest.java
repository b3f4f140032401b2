package dev.keyturn.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.PublicKey;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorizedKeysFileTest {
    private static final PublicKey OLD = TestCredentials.newKey().publicKey();
    private static final PublicKey NEW = TestCredentials.newKey().publicKey();
    private static final PublicKey OTHER = TestCredentials.newKey().publicKey();

    @Test
    void putsTheNewLineDirectlyAfterTheOldOne() {
        assertThat(installed("# a\n" + OLD.line() + " old\n" + OTHER.line() + "\n"))
                .isEqualTo("# a\n" + OLD.line() + " old\n" + NEW.line() + " keyturn:acme\n" + OTHER.line() + "\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "restrict",
                "from=\"10.0.0.0/8,!10.1.1.1\"",
                "command=\"echo \\\"a b\\\", c\",no-pty",
                "environment=\"A=#b\",from=\"*.example.com\"",
                "restrict,permitopen=\"host:22\"\t",
                "restrict,from=\"10.0.0.0/8\",command=\"/opt/cert-authority/sync\"",
                "command=\"echo \\\"x\\\",cert-authority,\",no-pty",
                "command=\"cert-authority\""
            })
    void takesOverTheOptionsOfTheLineItReplaces(String options) {
        String kept = options.strip();
        assertThat(installed(options + " " + OLD.line() + " a comment\n"))
                .isEqualTo(options + " " + OLD.line() + " a comment\n" + kept + " " + NEW.line() + " keyturn:acme\n");
    }

    @Test
    void takesOverEachSetOfOptionsWhereTheOldKeyHasSeveralLines() {
        assertThat(installed("from=\"a\" " + OLD.line() + "\nfrom=\"b\" " + OLD.line() + "\n"))
                .isEqualTo("from=\"a\" " + OLD.line() + "\nfrom=\"a\" " + NEW.line() + " keyturn:acme\n" + "from=\"b\" "
                        + OLD.line() + "\nfrom=\"b\" " + NEW.line() + " keyturn:acme\n");
    }

    @Test
    void keepsWindowsLineEndings() {
        assertThat(installed(OLD.line() + "\r\n# end\r\n"))
                .isEqualTo(OLD.line() + "\r\n" + NEW.line() + " keyturn:acme\r\n# end\r\n");
    }

    @Test
    void endsTheLastLineWhereItHasNoLineFeed() {
        assertThat(installed(OLD.line())).isEqualTo(OLD.line() + "\n" + NEW.line() + " keyturn:acme\n");
        assertThat(installed("# a\r\n" + OLD.line()))
                .isEqualTo("# a\r\n" + OLD.line() + "\r\n" + NEW.line() + " keyturn:acme\r\n");
    }

    @Test
    void appendsWhereTheOldKeyIsNotThere() {
        assertThat(installed("")).isEqualTo(NEW.line() + " keyturn:acme\n");
        assertThat(installed("from=\"x\" " + OTHER.line()))
                .isEqualTo("from=\"x\" " + OTHER.line() + "\n" + NEW.line() + " keyturn:acme\n");
    }

    @Test
    void changesNothingWhereTheNewKeyIsThereAlready() {
        String content = "from=\"elsewhere\" " + NEW.line() + "\n" + OLD.line();
        assertThat(installed(content)).isEqualTo(content);
    }

    @Test
    void removesEveryLineOfAKeyWhateverItsOptionsAndComment() {
        String content = "# " + OLD.line() + "\n" + OLD.line() + "\r\n \trestrict   " + OLD.line() + "   x y\n\n"
                + OTHER.line() + "\n" + OLD.type() + "\t" + OLD.base64();
        assertThat(text(file(content).without(OLD.fingerprint())))
                .isEqualTo("# " + OLD.line() + "\n\n" + OTHER.line() + "\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cert-authority,principals=\"x\"",
                "restrict,from=\"a,b\",Cert-Authority",
                "command=\"say \\\"hi\\\"\",cert-authority,no-pty"
            })
    void leavesAnAuthorityOfTheSameKeyAlone(String options) {
        String content = options + " " + OLD.line() + "\n";
        assertThat(text(file(content).without(OLD.fingerprint()))).isEqualTo(content);
    }

    @Test
    void findsAKeyByItsFingerprintOnly() {
        AuthorizedKeysFile file = file("restrict " + OLD.line() + " someone\n#" + NEW.line() + "\n");
        assertThat(file.key(OLD.fingerprint())).contains(OLD);
        assertThat(file.key(NEW.fingerprint())).isEmpty();
    }

    @Test
    void passesOverLinesThatAreNoKeys() {
        String content =
                "ssh-rsa\nssh-ed25519 !!!!\nssh-rsa " + OLD.base64() + "\nfrom=\"unclosed " + OLD.line() + "\n";
        AuthorizedKeysFile file = file(content);
        assertThat(file.key(OLD.fingerprint())).isEmpty();
        assertThat(text(file)).isEqualTo(content);
    }

    @Test
    void keepsEveryByteOfAnyContent() {
        for (int seed = 0; seed < 500; seed++) {
            byte[] content = new byte[new Random(seed).nextInt(400)];
            new Random(seed).nextBytes(content);
            assertThat(AuthorizedKeysFile.of(content).content())
                    .as("seed " + seed)
                    .isEqualTo(content);
            AuthorizedKeysFile twoWays = AuthorizedKeysFile.of(content)
                    .with(NEW, "keyturn:acme", Optional.of(OLD.fingerprint()))
                    .without(NEW.fingerprint());
            assertThat(new String(twoWays.content(), StandardCharsets.ISO_8859_1))
                    .as("seed " + seed)
                    .startsWith(new String(content, StandardCharsets.ISO_8859_1));
        }
    }

    private static String installed(String content) {
        Optional<Fingerprint> predecessor = Optional.of(OLD.fingerprint());
        return text(file(content).with(NEW, "keyturn:acme", predecessor));
    }

    private static AuthorizedKeysFile file(String content) {
        return AuthorizedKeysFile.of(content.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String text(AuthorizedKeysFile file) {
        return new String(file.content(), StandardCharsets.ISO_8859_1);
    }
}
