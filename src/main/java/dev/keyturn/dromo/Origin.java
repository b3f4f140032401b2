package dev.keyturn.dromo;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Scheme, host and port: what a license key belongs to.
 *
 * @param scheme http or https
 * @param host in lower case, IPv6 addresses in brackets
 * @param port the real one, also where the URL leaves it out
 */
record Origin(String scheme, String host, int port) {
    private static final Pattern LOOPBACK_V4 = Pattern.compile("127(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}");
    private static final Pattern LOOPBACK_V6 = Pattern.compile("\\[(::|(0{1,4}:){7})0{0,3}1]");

    /** Empty where {@code url} isn't an absolute http or https URL with a host. */
    static Optional<Origin> of(URI url) {
        if (url.getScheme() == null || url.getHost() == null || url.getPort() == 0 || url.getPort() > 65535) {
            return Optional.empty();
        }
        String scheme = url.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            return Optional.empty();
        }
        int usual = scheme.equals("https") ? 443 : 80;
        int port = url.getPort() < 0 ? usual : url.getPort();
        return Optional.of(new Origin(scheme, url.getHost().toLowerCase(Locale.ROOT), port));
    }

    boolean encrypted() {
        return scheme.equals("https");
    }

    /** Judged by its text: a name that happens to resolve to a loopback address today is none. */
    boolean loopback() {
        return host.equals("localhost")
                || LOOPBACK_V4.matcher(host).matches()
                || LOOPBACK_V6.matcher(host).matches();
    }

    @Override
    public String toString() {
        return scheme + "://" + host + ":" + port;
    }
}
