package dev.keyturn.daemon;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Optional;
import jdk.net.ExtendedSocketOptions;

/**
 * Establishes who a client is. The kernel notes the effective user at the moment of connecting (SO_PEERCRED, unix(7)), and
 * nobody can change that afterwards. The JDK gives it as a principal that tells a name but not the number, and a name is
 * not enough: several numbers may share one, and it can be given to somebody else later.
 *
 * <p>So the client says its number, which proves nothing yet. The principal of that number is looked up and compared with
 * the kernel's; on Unix the JDK compares numbers there, never names. Only the true number passes. A number that the JDK
 * looks up is first tried as a name, and a login name may consist of digits; none begins with {@code +}, which it takes as
 * a sign.
 */
final class Peers {
    private Peers() {}

    static UserPrincipal of(SocketChannel channel) throws IOException {
        return channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
    }

    /** Empty where the kernel knows the client by another number. */
    static Optional<Peer> identify(UserPrincipal byKernel, long claimed) throws IOException {
        return claimed < 0 || claimed > 0xffff_fffeL || !numbered(claimed).equals(Optional.of(byKernel))
                ? Optional.empty()
                : Optional.of(new Peer(claimed, byKernel.getName()));
    }

    private static Optional<UserPrincipal> numbered(long uid) throws IOException {
        // The JDK keeps the kernel's unsigned number in an int.
        int bits = (int) uid;
        try {
            return Optional.of(FileSystems.getDefault()
                    .getUserPrincipalLookupService()
                    .lookupPrincipalByName(bits < 0 ? String.valueOf(bits) : "+" + bits));
        } catch (UserPrincipalNotFoundException e) {
            return Optional.empty();
        }
    }
}
