package dev.keyturn.realhost;

/** How a server answered a login. Anything else, a network failure above all, is no answer but an exception. */
public enum Login {
    /** An SFTP session was opened and told its working directory. */
    ACCEPTED,
    /** The server said "Permission denied". */
    REFUSED,
    /** The credential is right, but the server lets the account do nothing before it has a new password. */
    PASSWORD_EXPIRED
}
