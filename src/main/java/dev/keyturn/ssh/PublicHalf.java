package dev.keyturn.ssh;

import com.jcraft.jsch.Identity;
import dev.keyturn.secret.PublicKey;
import org.jspecify.annotations.Nullable;

/**
 * A key of which only the public half is known. JSch offers it without a signature and asks for one only when the host
 * would take it (RFC 4252, section 7): that question is the answer.
 */
final class PublicHalf implements Identity {
    private final PublicKey key;
    private boolean wanted;

    PublicHalf(PublicKey key) {
        this.key = key;
    }

    /** Whether the host said that this key would do. */
    boolean wanted() {
        return wanted;
    }

    @Override
    public boolean setPassphrase(byte[] passphrase) {
        return true;
    }

    @Override
    public byte[] getPublicKeyBlob() {
        return key.blob();
    }

    /** @return null, which makes JSch give up without a signed request */
    @Override
    @SuppressWarnings("NullAway") // JSch's way to say "no signature"; its interface is not annotated
    public byte @Nullable [] getSignature(byte[] data) {
        wanted = true;
        return null;
    }

    @Override
    public String getAlgName() {
        return key.type();
    }

    @Override
    public String getName() {
        return key.type();
    }

    @Override
    public boolean isEncrypted() {
        return false;
    }

    @Override
    public void clear() {}
}
