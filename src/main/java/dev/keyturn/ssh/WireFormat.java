package dev.keyturn.ssh;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** The little of SSH's wire format (RFC 4251, section 5) that is read here. */
final class WireFormat {
    private WireFormat() {}

    /** The string that a blob begins with: in a public key blob, its type. Empty where there is none. */
    static Optional<byte[]> firstString(byte[] blob) {
        if (blob.length < 4) {
            return Optional.empty();
        }
        int length = ByteBuffer.wrap(blob).getInt();
        if (length < 0 || length > blob.length - 4) {
            return Optional.empty();
        }
        return Optional.of(Arrays.copyOfRange(blob, 4, 4 + length));
    }
}
