package dev.keyturn.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PasswordDialogueTest {
    private final PasswordDialogue login = new PasswordDialogue(secret("old"), Optional.empty());
    private final PasswordDialogue change = new PasswordDialogue(secret("old"), Optional.of(secret("new")));

    @Test
    void givesThePasswordOnce() {
        assertThat(ask(login, "Password: ")).containsExactly("old");
        assertThat(ask(login, "Password: ")).isNull();
        assertThat(login.judge(new Attempt.Refused())).isEqualTo(new Attempt.Partial("'Password:'"));
    }

    @Test
    void givesItToNoOtherPromptAndToNoneThatEchoes() {
        assertThat(ask(login, "Verification code: ")).isNull();
        assertThat(login.judge(new Attempt.Refused())).isEqualTo(new Attempt.Partial("'Verification code:'"));
        assertThat(login.promptKeyboardInteractive("", "", "", new String[] {"Password: "}, new boolean[] {true}))
                .isNull();
    }

    @Test
    void answersMessagesWithoutAPrompt() {
        assertThat(ask(login)).isEmpty();
    }

    @Test
    void noticesThatANewPasswordIsDemanded() {
        ask(login, "Password: ");
        assertThat(ask(login, "Current password: ")).isNull();
        assertThat(login.judge(new Attempt.Refused())).isInstanceOf(Attempt.ChangeDemanded.class);
    }

    @Test
    void changesAnExpiredPassword() {
        assertThat(ask(change, "Password: ")).containsExactly("old");
        assertThat(ask(change, "Current password: ")).containsExactly("old");
        assertThat(ask(change, "New password: ")).containsExactly("new");
        assertThat(ask(change, "Retype new password: ")).containsExactly("new");
    }

    @Test
    void stopsWhereTheNewPasswordIsTooWeak() {
        ask(change, "Password: ");
        ask(change, "New password: ");
        assertThat(ask(change, "New password: ")).isNull();
        assertThat(change.judge(new Attempt.Refused())).isInstanceOf(Attempt.ReplacementRejected.class);
    }

    @Test
    void givesTheNewPasswordOnlyAfterTheOldOne() {
        assertThat(ask(change, "New password: ")).isNull();
        assertThat(change.replacementSent()).isFalse();
    }

    @Test
    void answersTheChangeRequestOfTheSshProtocol() {
        String[] prompts = {"New Password: "};
        assertThat(change.promptKeyboardInteractive("", "Password Change Required", "", prompts, new boolean[1]))
                .containsExactly("new");
        assertThat(login.promptKeyboardInteractive("", "Password Change Required", "", prompts, new boolean[1]))
                .isNull();
        assertThat(login.judge(new Attempt.Refused())).isInstanceOf(Attempt.ChangeDemanded.class);
    }

    private static String[] ask(PasswordDialogue dialogue, String... prompts) {
        return dialogue.promptKeyboardInteractive("dromo@host", "", "", prompts, new boolean[prompts.length]);
    }

    private static Secret secret(String text) {
        return Secret.takeOver(text.getBytes(StandardCharsets.UTF_8));
    }
}
