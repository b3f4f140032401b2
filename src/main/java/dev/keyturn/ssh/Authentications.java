package dev.keyturn.ssh;

import com.jcraft.jsch.Identity;
import com.jcraft.jsch.Session;
import dev.keyturn.secret.Secret;

/** The ways to log in. Each one tries once: what is refused is never sent again, lest the host locks the account. */
final class Authentications {
    static final String PUBLICKEY = "publickey";
    static final String PASSWORD = "password";
    static final String KEYBOARD_INTERACTIVE = "keyboard-interactive";

    private Authentications() {}

    /**
     * A key. It is signed for at once, without asking whether it would do, and without the customary {@code none}
     * request: two round trips less.
     */
    record Key(KeyIdentity identity, Banner banner) implements Authentication {
        @Override
        public String method() {
            return PUBLICKEY;
        }

        @Override
        public void prepare(Session session) {
            session.setIdentityRepository(new OneIdentity(identity));
            session.setConfig("enable_auth_none", "no");
            session.setConfig("enable_pubkey_auth_query", "no");
        }

        @Override
        public void close() {
            identity.clear();
        }
    }

    /** The question whether a key would do, without a signature. */
    record Offer(Identity identity, Banner banner) implements Authentication {
        @Override
        public String method() {
            return PUBLICKEY;
        }

        @Override
        public void prepare(Session session) {
            session.setIdentityRepository(new OneIdentity(identity));
            session.setConfig("enable_auth_none", "no");
            session.setConfig("enable_pubkey_auth_query", "yes");
        }

        @Override
        public void close() {}
    }

    /** The password method. The {@code none} request goes first, to learn whether the host has this method. */
    record PasswordMethod(Secret password, PasswordDialogue dialogue) implements Authentication {
        @Override
        public String method() {
            return PASSWORD;
        }

        @Override
        public Banner banner() {
            return dialogue;
        }

        @Override
        public void prepare(Session session) {
            // JSch copies the bytes, and wipes its copy when connect() ends.
            session.setPassword(password.expose());
        }

        @Override
        public void close() {}
    }

    /**
     * Keyboard-interactive, with answers to password prompts alone. JSch is not given the password itself: it would
     * send it to any single prompt with "password:" in it, a one-time password's too.
     */
    record Interactive(PasswordDialogue dialogue) implements Authentication {
        @Override
        public String method() {
            return KEYBOARD_INTERACTIVE;
        }

        @Override
        public Banner banner() {
            return dialogue;
        }

        @Override
        public void prepare(Session session) {
            // The dialogue is all.
        }

        @Override
        public void close() {}
    }
}
