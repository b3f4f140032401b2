package dev.keyturn.faults;

import dev.keyturn.sandbox.StandInCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The certificates that Dromo shows, made once: keytool takes a while. The product trusts the issuers of all but one. */
enum Certificates {
    GOOD(StandInCertificate::trusted),
    FOR_ANOTHER_NAME(StandInCertificate::forAnotherName),
    EXPIRED(StandInCertificate::expired),
    OF_UNKNOWN_ISSUER(StandInCertificate::trusted);

    private interface Maker {
        StandInCertificate make() throws IOException;
    }

    private final StandInCertificate certificate;

    Certificates(Maker maker) {
        try {
            certificate = maker.make();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    StandInCertificate certificate() {
        return certificate;
    }

    /** For {@code dromo.ca_file}. */
    static String trusted() {
        return GOOD.certificate.pem() + FOR_ANOTHER_NAME.certificate.pem() + EXPIRED.certificate.pem();
    }
}
