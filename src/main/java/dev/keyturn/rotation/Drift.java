package dev.keyturn.rotation;

/** What the last three-way check found that is not as it should be. */
public enum Drift {
    NONE,
    /** A way in, or an idle password, that no rotation puts right: a person has to look. */
    ALERT,
    /** Host, Dromo and store no longer hold the same credential. A rotation may put that right. */
    MENDABLE
}
