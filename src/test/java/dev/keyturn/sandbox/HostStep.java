package dev.keyturn.sandbox;

/** What a client does on the host, for the rules of {@link SftpFaults}. */
public enum HostStep {
    /** Authenticates: signs with a key, or says a password; the path is the method. */
    LOGIN,
    /** Opens the SFTP subsystem. */
    SFTP,
    /** Opens a file for reading, or a directory. */
    OPEN,
    /** Opens a file for writing. */
    CREATE,
    READ,
    WRITE,
    CLOSE,
    /** Renames; the path is the new name. */
    RENAME,
    REMOVE,
    MAKE_DIRECTORY,
    /** Sets mode, owner or times. */
    ATTRIBUTES,
    /** Changes a password, by whatever way; the path is the name of the account. */
    PASSWORD
}
