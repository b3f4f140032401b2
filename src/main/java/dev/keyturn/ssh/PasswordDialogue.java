package dev.keyturn.ssh;

import com.jcraft.jsch.UIKeyboardInteractive;
import dev.keyturn.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers for one password login: the password to a prompt for it, once; the new password where there is one and the
 * host demands it; nothing to anything else. JSch takes these answers as {@code String} only, so they are made here,
 * where the protocol leaves no other way, and not kept.
 */
final class PasswordDialogue extends Banner implements UIKeyboardInteractive {
    private static final String CHANGE_REQUEST = "Password Change Required";

    private final Secret current;
    private final Optional<Secret> replacement;
    private boolean currentGiven;
    private boolean changeDemanded;
    private int replacementGiven;
    private String unanswered = "";

    PasswordDialogue(Secret current, Optional<Secret> replacement) {
        this.current = current;
        this.replacement = replacement;
    }

    /** JSch says of every dialogue that broke off the same: what the host asked tells why. */
    Attempt judge(Attempt attempt) {
        if (!(attempt instanceof Attempt.Refused)) {
            return attempt;
        }
        if (changeDemanded) {
            return replacementSent() ? new Attempt.ReplacementRejected() : new Attempt.ChangeDemanded();
        }
        return unanswered.isEmpty() ? attempt : new Attempt.Partial("'" + unanswered + "'");
    }

    /** Whether the new password was sent. */
    boolean replacementSent() {
        return replacementGiven > 0;
    }

    @Override
    @SuppressWarnings("NullAway") // null cancels, in JSch's interface
    public String @Nullable [] promptKeyboardInteractive(
            String destination, String name, String instruction, String[] prompts, boolean[] echo) {
        String[] answers = new String[prompts.length];
        for (int i = 0; i < prompts.length; i++) {
            String answer = echo[i] ? null : answer(prompts[i], name);
            if (answer == null) {
                unanswered = unanswered.isEmpty() && !changeDemanded ? prompts[i].strip() : unanswered;
                return null;
            }
            answers[i] = answer;
        }
        return answers;
    }

    private @Nullable String answer(String prompt, String name) {
        switch (PasswordPrompt.of(prompt)) {
            case CURRENT -> {
                if (currentGiven
                        && !changeDemanded
                        && prompt.toLowerCase(java.util.Locale.ROOT).contains("current")) {
                    changeDemanded = true;
                    return replacement.isPresent() ? text(current) : null;
                }
                if (currentGiven) {
                    return null;
                }
                currentGiven = true;
                return text(current);
            }
            case NEW -> {
                changeDemanded |= currentGiven || name.equals(CHANGE_REQUEST);
                if (replacement.isEmpty() || !changeDemanded) {
                    return null;
                }
                if (replacementGiven > 0) {
                    return null;
                }
                replacementGiven++;
                return text(replacement.get());
            }
            case NEW_AGAIN -> {
                if (replacementGiven != 1 || replacement.isEmpty()) {
                    return null;
                }
                replacementGiven++;
                return text(replacement.get());
            }
            case OTHER -> {
                return null;
            }
        }
        return null;
    }

    private static String text(Secret secret) {
        return new String(secret.expose(), StandardCharsets.UTF_8);
    }
}
