package dev.keyturn.config;

import dev.keyturn.tls.Loopback;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** Checks the addresses that the license key and notices travel to. Messages never repeat one: it could hold a password. */
final class WebAddress {
    private WebAddress() {}

    /** Dromo's API: https, or http to loopback; without a slash at its end. */
    static URI api(String text) {
        URI address = parse(text);
        String scheme = address.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw new IllegalArgumentException("must begin with https://");
        }
        if (scheme.equals("http") && !Loopback.is(address.getHost())) {
            throw new IllegalArgumentException(
                    "must begin with https://, as the license key would travel in clear text; http is for loopback only");
        }
        if (address.getRawQuery() != null || address.getRawFragment() != null) {
            throw new IllegalArgumentException("must have no '?' and no '#'");
        }
        return URI.create(text.replaceAll("/+$", ""));
    }

    /** Where notices go: https, or http to loopback. */
    static URI webhook(String text) {
        URI address = parse(text);
        String scheme = address.getScheme().toLowerCase(Locale.ROOT);
        boolean clearText = scheme.equals("http") && Loopback.is(address.getHost());
        if (!scheme.equals("https") && !clearText) {
            throw new IllegalArgumentException("must begin with https://; http is for loopback only");
        }
        if (address.getRawFragment() != null) {
            throw new IllegalArgumentException("must have no '#'");
        }
        return address;
    }

    static URI proxy(String text) {
        URI address = parse(text);
        boolean hasMore = address.getRawQuery() != null
                || address.getRawFragment() != null
                || !address.getPath().replace("/", "").isEmpty();
        if (!address.getScheme().equalsIgnoreCase("http") || address.getPort() == -1 || hasMore) {
            throw new IllegalArgumentException("must have the form http://HOST:PORT");
        }
        return address;
    }

    private static URI parse(String text) {
        URI address;
        try {
            address = new URI(text);
        } catch (URISyntaxException e) {
            throw notAnAddress();
        }
        if (address.getScheme() == null
                || address.getHost() == null
                || address.getPort() == 0
                || address.getPort() > 65535) {
            throw notAnAddress();
        }
        if (address.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "must hold no user and no password; they would stand in the configuration");
        }
        return address;
    }

    private static IllegalArgumentException notAnAddress() {
        return new IllegalArgumentException("is not an address of the form https://HOST[:PORT]/PATH");
    }
}
