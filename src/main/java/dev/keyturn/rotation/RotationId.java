package dev.keyturn.rotation;

import java.util.UUID;

/**
 * Names one rotation, and the one secret it makes.
 *
 * @param text a UUID in its usual form
 */
public record RotationId(String text) {
    /** @throws IllegalArgumentException where the text is no UUID */
    public RotationId {
        text = UUID.fromString(text).toString();
    }

    public static RotationId random() {
        return new RotationId(UUID.randomUUID().toString());
    }

    @Override
    public String toString() {
        return text;
    }
}
