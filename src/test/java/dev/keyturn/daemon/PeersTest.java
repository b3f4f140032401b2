package dev.keyturn.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A number is believed only where the kernel's principal is the one of that number. */
class PeersTest {

    @Test
    void rootIsNumber0AndNobodyElse() throws IOException {
        UserPrincipal root = lookup("root");

        assertThat(Peers.identify(root, 0)).isEqualTo(Optional.of(new Peer(0, "root")));
        for (long other : new long[] {1, 1000, 65534, -1, 1L << 32, 0xffff_ffffL, Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertThat(Peers.identify(root, other)).as("%d", other).isEmpty();
        }
    }

    /** The kernel's numbers have 32 bits without a sign; Java's ints have one. */
    @ParameterizedTest
    @ValueSource(longs = {4242, 0x7fff_ffffL, 0x8000_0000L, 0xffff_fffeL})
    void aNumberWithoutALoginIsANumberAllTheSame(long uid) throws IOException {
        UserPrincipal peer = lookup((int) uid < 0 ? String.valueOf((int) uid) : "+" + uid);

        assertThat(Peers.identify(peer, uid)).map(Peer::uid).contains(uid);
        assertThat(Peers.identify(peer, 0)).isEmpty();
    }

    private static UserPrincipal lookup(String name) throws IOException {
        return FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(name);
    }
}
