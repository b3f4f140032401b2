package dev.keyturn.secret;

/** How Dromo logs in; the names are those of its API's {@code auth_type}. */
public enum AuthType {
    KEY,
    PASSWORD
}
