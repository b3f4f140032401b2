package dev.keyturn.realhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;

class RequirementTest {

    private static final List<String> MISSING =
            Requirement.missingFiles(Requirement.all(Requirement.SSHD), file -> !file.equals("/usr/sbin/sshd"));

    @Test
    void namesTheProgramAndItsDebianPackage() {
        assertThat(MISSING).containsExactly("/usr/sbin/sshd is missing: apt-get install openssh-server");
    }

    @Test
    void asksForNothingThatIsThere() {
        assertThat(Requirement.missingFiles(Requirement.PROFTPD, file -> true)).isEmpty();
    }

    @Test
    void skipsWithTheReasonOnADevelopersMachine() {
        ConditionEvaluationResult result = Requirement.judge(MISSING, false);

        assertThat(result.isDisabled()).isTrue();
        assertThat(result.getReason()).contains("/usr/sbin/sshd is missing: apt-get install openssh-server");
        assertThat(Requirement.judge(List.of(), true).isDisabled()).isFalse();
    }

    @Test
    void failsInCiInsteadOfSkipping() {
        assertThatThrownBy(() -> Requirement.judge(MISSING, true)).hasMessageContaining("openssh-server");
    }
}
