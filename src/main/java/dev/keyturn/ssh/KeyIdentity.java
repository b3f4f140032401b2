package dev.keyturn.ssh;

import com.jcraft.jsch.Identity;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.KeyPair;
import dev.keyturn.secret.Secret;

/** A private key that logs in. Belongs to one connection attempt; {@link #clear()} wipes it. */
final class KeyIdentity implements Identity {
    private final KeyPair pair;
    private final String type;
    private final byte[] blob;

    /** @throws JSchException where it is no private key, or an encrypted one */
    KeyIdentity(JSch jsch, Secret privateKey) throws JSchException {
        pair = SshKeyPairs.load(jsch, privateKey);
        if (pair.isEncrypted()) {
            throw new JSchException("the private key is encrypted");
        }
        blob = pair.getPublicKeyBlob();
        type = WireFormat.firstString(blob)
                .map(name -> new String(name, java.nio.charset.StandardCharsets.US_ASCII))
                .orElse("");
    }

    @Override
    public boolean setPassphrase(byte[] passphrase) {
        return true;
    }

    @Override
    public byte[] getPublicKeyBlob() {
        return blob;
    }

    @Override
    public byte[] getSignature(byte[] data) {
        return pair.getSignature(data);
    }

    @Override
    public byte[] getSignature(byte[] data, String algorithm) {
        return pair.getSignature(data, algorithm);
    }

    @Override
    public String getAlgName() {
        return type;
    }

    @Override
    public String getName() {
        return type;
    }

    @Override
    public boolean isEncrypted() {
        return false;
    }

    @Override
    public void clear() {
        pair.dispose();
    }
}
