package dev.keyturn.sandbox;

import java.io.IOException;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.auth.keyboard.InteractiveChallenge;
import org.apache.sshd.server.auth.keyboard.UserAuthKeyboardInteractive;
import org.apache.sshd.server.auth.keyboard.UserAuthKeyboardInteractiveFactory;
import org.apache.sshd.server.session.ServerSession;
import org.jspecify.annotations.Nullable;

/**
 * Logins with keyboard-interactive as PAM leads them: the password first; where that has expired, the current one again
 * and the new one twice, a question at a time.
 */
final class KeyboardLogin extends UserAuthKeyboardInteractive {
    private enum Stage {
        PASSWORD,
        CURRENT,
        NEW,
        RETYPE
    }

    private final SftpHost host;
    private Stage stage = Stage.PASSWORD;
    private String newPassword = "";

    private KeyboardLogin(SftpHost host) {
        this.host = host;
    }

    static UserAuthKeyboardInteractiveFactory factory(SftpHost host) {
        return new UserAuthKeyboardInteractiveFactory() {
            @Override
            public UserAuthKeyboardInteractive createUserAuth(ServerSession session) throws IOException {
                return new KeyboardLogin(host);
            }
        };
    }

    @Override
    protected @Nullable Boolean doAuth(Buffer buffer, boolean init) throws Exception {
        if (init) {
            stage = Stage.PASSWORD;
            return ask("", "Password: ");
        }
        int type = buffer.getUByte();
        if (type != SshConstants.SSH_MSG_USERAUTH_INFO_RESPONSE || buffer.getInt() != 1) {
            return finish(false);
        }
        String response = buffer.getString();
        SftpAccount account = host.account(getUsername());
        if (account == null) {
            return finish(false);
        }
        return switch (stage) {
            case PASSWORD -> password(account, response);
            case CURRENT -> {
                stage = Stage.NEW;
                yield account.hasPassword(response) ? ask("", "New password: ") : finish(false);
            }
            case NEW -> {
                newPassword = response;
                stage = Stage.RETYPE;
                yield ask("", "Retype new password: ");
            }
            case RETYPE -> retyped(account, response);
        };
    }

    private @Nullable Boolean password(SftpAccount account, String response) throws IOException {
        host.step(getServerSession(), HostStep.LOGIN, false, getName());
        boolean accepted = host.decide(getUsername(), getName(), account.hasPassword(response));
        if (accepted) {
            host.step(getServerSession(), HostStep.LOGIN, true, getName());
        }
        if (accepted && account.expiry() != SftpAccount.Expiry.NONE) {
            stage = Stage.CURRENT;
            return ask(
                    "You are required to change your password immediately (administrator enforced).",
                    "Current password: ");
        }
        return finish(accepted);
    }

    private @Nullable Boolean retyped(SftpAccount account, String response) throws IOException {
        if (!response.equals(newPassword)) {
            return finish(false);
        }
        String objection = account.objection(newPassword);
        if (objection != null) {
            stage = Stage.NEW;
            return ask(objection, "New password: ");
        }
        host.changePassword(getServerSession(), account, newPassword);
        return finish(true);
    }

    private @Nullable Boolean ask(String instruction, String prompt) throws IOException {
        InteractiveChallenge challenge = new InteractiveChallenge();
        challenge.setInteractionName("");
        challenge.setInteractionInstruction(instruction);
        challenge.setLanguageTag("");
        challenge.addPrompt(prompt, false);
        Buffer request = getServerSession().createBuffer(SshConstants.SSH_MSG_USERAUTH_INFO_REQUEST);
        challenge.append(request);
        getServerSession().writePacket(request);
        return null;
    }

    private Boolean finish(boolean accepted) {
        host.log(getUsername(), getName(), accepted, null);
        return accepted;
    }
}
