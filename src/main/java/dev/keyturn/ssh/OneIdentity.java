package dev.keyturn.ssh;

import com.jcraft.jsch.Identity;
import com.jcraft.jsch.IdentityRepository;
import java.util.List;
import java.util.Vector;

/** The one key of one connection, so that keys never leak between accounts that share a JSch. */
record OneIdentity(Identity identity) implements IdentityRepository {
    @Override
    public String getName() {
        return "one key";
    }

    @Override
    public int getStatus() {
        return RUNNING;
    }

    @Override
    @SuppressWarnings("JdkObsolete") // JSch's interface wants a Vector
    public Vector<Identity> getIdentities() {
        return new Vector<>(List.of(identity));
    }

    @Override
    public boolean add(byte[] key) {
        return false;
    }

    @Override
    public boolean remove(byte[] blob) {
        return false;
    }

    @Override
    public void removeAll() {
        identity.clear();
    }
}
