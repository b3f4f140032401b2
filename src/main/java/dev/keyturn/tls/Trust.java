package dev.keyturn.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Whom to believe that it is who it says: the certificates of a PEM file alone, or the JVM's trust store. */
public final class Trust {
    private Trust() {}

    /** @throws IOException where the file can't be read or holds no certificate */
    public static SSLContext context(Optional<Path> caFile) throws IOException {
        try {
            TrustManager @Nullable [] managers = caFile.isPresent() ? managers(caFile.get()) : null;
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("can't set up TLS: " + e.getMessage(), e);
        }
    }

    private static TrustManager[] managers(Path file) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        int number = 0;
        for (Certificate certificate : certificates(file)) {
            trusted.setCertificateEntry("ca-" + number++, certificate);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        TrustManager[] managers = factory.getTrustManagers();
        for (int i = 0; i < managers.length; i++) {
            if (managers[i] instanceof X509ExtendedTrustManager manager) {
                managers[i] = new CurrentTrust(manager);
            }
        }
        return managers;
    }

    private static Collection<? extends Certificate> certificates(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (found.isEmpty()) {
                throw new IOException("it holds no certificate; PEM is expected (-----BEGIN CERTIFICATE-----)");
            }
            return found;
        } catch (GeneralSecurityException e) {
            throw new IOException("it isn't a file of PEM certificates (-----BEGIN CERTIFICATE-----)", e);
        }
    }
}
