package dev.keyturn.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.rotation.Account;
import org.junit.jupiter.api.Test;

class KnownHostsFilesTest {
    private static final Account USUAL = new Account("SFTP.acme.example", 22, "dromo");
    private static final Account ODD = new Account("sftp.acme.example", 2222, "dromo");

    @Test
    void matchesNamesPatternsAndNegations() {
        assertThat(about(USUAL, "sftp.acme.example,10.0.0.1 K a")).isEqualTo("SFTP.acme.example K a\n");
        assertThat(about(USUAL, "*.acme.example K")).isNotEmpty();
        assertThat(about(USUAL, "sftp?acme.example K")).isNotEmpty();
        assertThat(about(USUAL, "sftpxacme.example K")).isEmpty();
        assertThat(about(USUAL, "*.acme.example,!sftp.acme.example K")).isEmpty();
        assertThat(about(USUAL, "acme.example K")).isEmpty();
    }

    @Test
    void matchesAPortInBracketsAndElseTheBareName() {
        assertThat(about(ODD, "[sftp.acme.example]:2222 K")).isEqualTo("[sftp.acme.example]:2222 K\n");
        assertThat(about(ODD, "sftp.acme.example K")).isEqualTo("sftp.acme.example K\n");
        assertThat(about(USUAL, "[sftp.acme.example]:2222 K")).isEmpty();
    }

    @Test
    void matchesHashedNames() {
        String hashed = hash("sftp.acme.example");
        assertThat(about(USUAL, hashed + " K")).isEqualTo("SFTP.acme.example K\n");
        assertThat(about(USUAL, hash("other.example") + " K")).isEmpty();
    }

    @Test
    void revokesUnderEveryNameOfTheHost() {
        assertThat(about(ODD, "@revoked * K"))
                .isEqualTo("@revoked [sftp.acme.example]:2222 K\n@revoked sftp.acme.example K\n");
        assertThat(about(ODD, "@revoked sftp.acme.example K")).contains("@revoked [sftp.acme.example]:2222 K\n");
    }

    @Test
    void passesOverCommentsAndBrokenLines() {
        assertThat(about(USUAL, "# * K\n\n*\n@revoked *\n|1|x K\n|1|x|y K\n")).isEmpty();
    }

    private static String about(Account account, String content) {
        return KnownHostsFiles.about(account, content);
    }

    private static String hash(String name) {
        try {
            byte[] salt = "0123456789abcdefghij".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            javax.crypto.Mac mac = javax.crypto.Mac.getInstance("HmacSHA1");
            mac.init(new javax.crypto.spec.SecretKeySpec(salt, "HmacSHA1"));
            var base64 = java.util.Base64.getEncoder();
            byte[] hash = mac.doFinal(name.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            return "|1|" + base64.encodeToString(salt) + "|" + base64.encodeToString(hash);
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
