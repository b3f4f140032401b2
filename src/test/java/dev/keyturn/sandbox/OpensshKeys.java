package dev.keyturn.sandbox;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyEncryptionContext;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;

/**
 * A key pair for tests to start from, made by Apache MINA SSHD and so independent of the product's.
 *
 * @param privateKey unencrypted, in OpenSSH's format
 * @param publicLine as it stands in authorized_keys: type, base64, comment; no line feed
 * @param fingerprint SHA256:...
 */
public record OpensshKeys(String privateKey, String publicLine, String fingerprint) {

    public static OpensshKeys ed25519() {
        return make("ssh-ed25519", 256, "");
    }

    /** @param bits 256, 384 or 521 */
    public static OpensshKeys ecdsa(int bits) {
        return make("ecdsa-sha2-nistp" + bits, bits, "");
    }

    public static OpensshKeys rsa(int bits) {
        return make("ssh-rsa", bits, "");
    }

    /** Encrypted, which Dromo refuses. */
    public static OpensshKeys encrypted(String passphrase) {
        return make("ssh-ed25519", 256, passphrase);
    }

    static KeyPair pair(String type, int bits) {
        try {
            return KeyUtils.generateKeyPair(type, bits);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot make a key of type " + type, e);
        }
    }

    private static OpensshKeys make(String type, int bits, String passphrase) {
        KeyPair pair = pair(type, bits);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        OpenSSHKeyEncryptionContext encryption = null;
        if (!passphrase.isEmpty()) {
            encryption = new OpenSSHKeyEncryptionContext();
            encryption.setPassword(passphrase);
            encryption.setCipherName("AES");
            encryption.setCipherMode("CTR");
            encryption.setCipherType("256");
        }
        try {
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(pair, "stand-in", encryption, out);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("cannot write a key of type " + type, e);
        }
        String publicLine = PublicKeyEntry.toString(pair.getPublic());
        return new OpensshKeys(
                out.toString(StandardCharsets.US_ASCII),
                publicLine + " stand-in",
                KeyUtils.getFingerPrint(pair.getPublic()));
    }

    @Override
    public String toString() {
        return publicLine;
    }
}
