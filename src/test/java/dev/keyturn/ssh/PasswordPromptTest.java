package dev.keyturn.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PasswordPromptTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Password: | CURRENT",
                "dromo@sftp.acme.example's password: | CURRENT",
                "(dromo@sftp.acme.example) Password: | CURRENT",
                "Password for dromo@sftp.acme.example: | CURRENT",
                "Current password: | CURRENT",
                "(current) UNIX password: | CURRENT",
                "Old Password: | CURRENT",
                "New password: | NEW",
                "Enter new UNIX password: | NEW",
                "New Password: | NEW",
                "Retype new password: | NEW_AGAIN",
                "Retype new UNIX password: | NEW_AGAIN",
                "Re-enter new password: | NEW_AGAIN",
                "One-time password: | OTHER",
                "Password (OTP): | OTHER",
                "Verification code: | OTHER",
                "Second password: | OTHER",
                "Enter PIN for token: | OTHER",
                "Passphrase: | OTHER",
                "Your password: was seen elsewhere. Continue? | OTHER",
                "Password | OTHER"
            })
    void readsPromptsAsPeopleDo(String prompt, PasswordPrompt meaning) {
        assertThat(PasswordPrompt.of(prompt)).isEqualTo(meaning);
    }
}
