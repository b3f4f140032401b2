package dev.keyturn.ssh;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.KeyPair;
import dev.keyturn.policy.KeyAlgorithm;
import dev.keyturn.rotation.KeyPairs;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.PublicKey;
import dev.keyturn.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** SSH key pairs, made and read with JSch. */
public final class SshKeyPairs implements KeyPairs {
    private final JSch jsch = new JSch();

    @Override
    public LoginSecret.KeyPair generate(KeyAlgorithm algorithm, String comment) {
        if (comment.lines().count() > 1) {
            throw new IllegalArgumentException("a key's comment is one line");
        }
        KeyPair pair = null;
        try {
            pair = generate(algorithm);
            // Before it is written: a comment set later does not reach the file.
            pair.setPublicKeyComment(comment);
            return secret(pair);
        } catch (JSchException e) {
            throw new IllegalStateException("this Java can't make a key of " + algorithm.configName(), e);
        } finally {
            dispose(pair);
        }
    }

    @Override
    public LoginSecret.KeyPair read(Secret privateKey) {
        KeyPair pair = null;
        try {
            pair = load(jsch, privateKey);
            if (pair.isEncrypted()) {
                throw new IllegalArgumentException("the private key is encrypted; take its passphrase off first, with"
                        + " 'ssh-keygen -p -N \"\" -f FILE' on a copy");
            }
            if (pair.getPublicKeyBlob() == null) {
                throw new IllegalArgumentException("the private key holds no public half; convert it to the OpenSSH"
                        + " format with 'ssh-keygen -p -N \"\" -f FILE' on a copy");
            }
            return secret(pair);
        } catch (JSchException | RuntimeException e) {
            if (e instanceof IllegalArgumentException refusal && refusal.getCause() == null) {
                throw refusal;
            }
            // Without the cause: what a parser says of a damaged key may quote it.
            throw new IllegalArgumentException("this is no private key in the OpenSSH or PEM format");
        } finally {
            dispose(pair);
        }
    }

    /** A JSch key from a private key of ours; the caller disposes of it. JSch gets a copy, which is wiped. */
    static KeyPair load(JSch jsch, Secret privateKey) throws JSchException {
        byte[] copy = privateKey.expose().clone();
        try {
            return KeyPair.load(jsch, copy, null);
        } finally {
            Arrays.fill(copy, (byte) 0);
        }
    }

    private KeyPair generate(KeyAlgorithm algorithm) throws JSchException {
        return switch (algorithm) {
            case ED25519 -> KeyPair.genKeyPair(jsch, KeyPair.ED25519);
            case ECDSA_256 -> KeyPair.genKeyPair(jsch, KeyPair.ECDSA, 256);
            case ECDSA_384 -> KeyPair.genKeyPair(jsch, KeyPair.ECDSA, 384);
            case ECDSA_521 -> KeyPair.genKeyPair(jsch, KeyPair.ECDSA, 521);
            case RSA_3072 -> KeyPair.genKeyPair(jsch, KeyPair.RSA, 3072);
            case RSA_4096 -> KeyPair.genKeyPair(jsch, KeyPair.RSA, 4096);
        };
    }

    private static LoginSecret.KeyPair secret(KeyPair pair) throws JSchException {
        byte[] blob = pair.getPublicKeyBlob();
        String type = WireFormat.firstString(blob)
                .map(name -> new String(name, StandardCharsets.US_ASCII))
                .orElseThrow(() -> new JSchException("a public key without a type"));
        try (WipedBytes file = new WipedBytes()) {
            pair.writeOpenSSHv1PrivateKey(file, null);
            PublicKey publicKey = new PublicKey(type, Base64.getEncoder().encodeToString(blob));
            return new LoginSecret.KeyPair(Secret.takeOver(file.toByteArray()), publicKey);
        }
    }

    private static void dispose(@org.jspecify.annotations.Nullable KeyPair pair) {
        if (pair != null) {
            pair.dispose();
        }
    }
}
