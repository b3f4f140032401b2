package dev.keyturn.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * A certificate that signs itself, made by the running JDK's keytool when it is needed.
 *
 * @param pem the certificate, fit as a CA file
 */
public record StandInCertificate(String pem, SSLContext context) {
    private static final String PASSWORD = "stand-in";

    /** For 127.0.0.1 and localhost, from an issuer that knows of no other. */
    public static StandInCertificate trusted() throws IOException {
        return make("san=ip:127.0.0.1,dns:localhost");
    }

    /** For a name that is not this machine's. */
    public static StandInCertificate forAnotherName() throws IOException {
        return make("san=dns:dromo.invalid");
    }

    /** For the right name, but no longer valid. */
    public static StandInCertificate expired() throws IOException {
        return make("san=ip:127.0.0.1,dns:localhost", "-startdate", "-10d", "-validity", "5");
    }

    public SSLSocketFactory sockets() {
        return context.getSocketFactory();
    }

    /** The server's side of TLS, over a connection that was just accepted. */
    Socket over(Socket plain) throws IOException {
        SSLSocket socket = (SSLSocket)
                sockets().createSocket(plain, plain.getInetAddress().getHostAddress(), plain.getPort(), true);
        socket.setUseClientMode(false);
        return socket;
    }

    private static StandInCertificate make(String names, String... more) throws IOException {
        Path directory = Files.createTempDirectory("stand-in-certificate");
        Path file = directory.resolve("keystore.p12");
        try {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    "dromo",
                    "-keyalg",
                    "EC",
                    "-groupname",
                    "secp256r1",
                    "-dname",
                    "CN=Dromo stand-in",
                    "-ext",
                    "bc=ca:true",
                    "-ext",
                    names,
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    file.toString(),
                    "-storepass",
                    PASSWORD));
            command.addAll(List.of(more));
            Process keytool =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            keytool.getOutputStream().close();
            String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (keytool.waitFor() != 0) {
                throw new IOException("keytool failed: " + said);
            }
            return load(file);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while keytool ran", e);
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot use the certificate that keytool made", e);
        } finally {
            Files.deleteIfExists(file);
            Files.delete(directory);
        }
    }

    private static StandInCertificate load(Path file) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(keys.getCertificate("dromo").getEncoded());
        return new StandInCertificate(
                "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n", context);
    }
}
