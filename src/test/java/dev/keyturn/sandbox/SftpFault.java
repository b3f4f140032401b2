package dev.keyturn.sandbox;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Something that goes wrong on the SFTP host. Each method may pass, which leaves the matter to the next fault. */
public interface SftpFault {

    /** Meets a new connection, or passes with null. */
    default @Nullable Welcome connecting(int unauthenticated) {
        return null;
    }

    /** Whether a new connection meets another host key than the host's own, or passes with null. */
    default @Nullable Boolean anotherHostKey() {
        return null;
    }

    /** Which methods a login on a new connection takes, all of those joined by commas; or passes with null. */
    default @Nullable String methodsDemanded() {
        return null;
    }

    /** Overrules the decision on a login, or passes with null. */
    default @Nullable Boolean login(String user, String method) {
        return null;
    }

    /** Strikes before or after a step, or passes with null. */
    default @Nullable Trouble during(HostEvent event) {
        return null;
    }

    /** Whether the SFTP server lacks this extension. */
    default boolean lacks(String extension) {
        return false;
    }

    // --- connections ---

    static SftpFault onConnect(Welcome welcome) {
        return new SftpFault() {
            @Override
            public Welcome connecting(int unauthenticated) {
                return welcome;
            }
        };
    }

    static SftpFault resetOnConnect() {
        return onConnect(Welcome.reset());
    }

    static SftpFault hangOnConnect() {
        return onConnect(Welcome.silence());
    }

    /** Resets once the host has sent this many bytes. */
    static SftpFault resetAfter(long bytes) {
        return onConnect(Welcome.resetAfter(bytes));
    }

    /** Hangs once the host has sent this many bytes. */
    static SftpFault hangAfter(long bytes) {
        return onConnect(Welcome.silenceAfter(bytes));
    }

    /** Somebody else answers in the host's place, or the host was installed anew. */
    static SftpFault anotherKey() {
        return new SftpFault() {
            @Override
            public Boolean anotherHostKey() {
                return true;
            }
        };
    }

    /** Drops a connection where more than this many others have not logged in yet, as sshd's MaxStartups does. */
    static SftpFault maxStartups(int most) {
        return new SftpFault() {
            @Override
            public @Nullable Welcome connecting(int unauthenticated) {
                return unauthenticated >= most ? Welcome.dismissal("Exceeded MaxStartups\r\n") : null;
            }
        };
    }

    // --- logins ---

    static SftpFault acceptAnyCredential() {
        return onLogin(true);
    }

    static SftpFault refuseEveryCredential() {
        return onLogin(false);
    }

    static SftpFault lockedAccount(String user) {
        return new SftpFault() {
            @Override
            public @Nullable Boolean login(String who, String method) {
                return who.equals(user) ? false : null;
            }
        };
    }

    /** Demands several methods one after the other, such as {@code publickey,password}. */
    static SftpFault demands(String methods) {
        return new SftpFault() {
            @Override
            public String methodsDemanded() {
                return methods;
            }
        };
    }

    static SftpFault onLogin(boolean accept) {
        return new SftpFault() {
            @Override
            public Boolean login(String user, String method) {
                return accept;
            }
        };
    }

    // --- steps ---

    static SftpFault before(HostStep step, Trouble trouble) {
        return during(step, false, trouble);
    }

    static SftpFault after(HostStep step, Trouble trouble) {
        return during(step, true, trouble);
    }

    /** Somebody else does something on the host just before this step, for example an administrator with an editor. */
    static SftpFault meanwhile(HostStep step, Runnable action) {
        return before(step, connection -> action.run());
    }

    static SftpFault resetBefore(HostStep step) {
        return before(step, Trouble.reset());
    }

    static SftpFault resetAfter(HostStep step) {
        return after(step, Trouble.reset());
    }

    static SftpFault hangBefore(HostStep step) {
        return before(step, Trouble.silence());
    }

    static SftpFault hangAfter(HostStep step) {
        return after(step, Trouble.silence());
    }

    /** Not even its owner may read this file. */
    static SftpFault unreadable(String fileName) {
        return new SftpFault() {
            @Override
            public @Nullable Trouble during(HostEvent event) {
                return event.step() == HostStep.OPEN
                                && !event.done()
                                && event.path().endsWith("/" + fileName)
                        ? Trouble.failure(new AccessDeniedException(event.path()))
                        : null;
            }
        };
    }

    /** As OpenSSH does, tells the client no more than that it failed: SFTP version 3 has no status for this. */
    static SftpFault diskFull() {
        return before(HostStep.WRITE, Trouble.failure(new IOException("No space left on device")));
    }

    /** Nothing in a directory of this name, such as {@code .ssh}, can be changed, the directory included. */
    static SftpFault readOnly(String directory) {
        Set<HostStep> changes = Set.of(
                HostStep.CREATE,
                HostStep.WRITE,
                HostStep.RENAME,
                HostStep.REMOVE,
                HostStep.MAKE_DIRECTORY,
                HostStep.ATTRIBUTES);
        return new SftpFault() {
            @Override
            public @Nullable Trouble during(HostEvent event) {
                return !event.done()
                                && changes.contains(event.step())
                                && (event.path() + "/").contains("/" + directory + "/")
                        ? Trouble.failure(new AccessDeniedException(event.path()))
                        : null;
            }
        };
    }

    static SftpFault during(HostStep step, boolean done, Trouble trouble) {
        return new SftpFault() {
            @Override
            public @Nullable Trouble during(HostEvent event) {
                return event.step() == step && event.done() == done ? trouble : null;
            }
        };
    }

    // --- extensions ---

    static SftpFault noPosixRename() {
        return without("posix-rename@openssh.com");
    }

    static SftpFault without(String extension) {
        return new SftpFault() {
            @Override
            public boolean lacks(String name) {
                return name.equals(extension);
            }
        };
    }
}
