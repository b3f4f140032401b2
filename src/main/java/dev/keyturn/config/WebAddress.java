package dev.keyturn.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

/** Checks the addresses that the license key travels to. Messages never repeat one: it could hold a password. */
final class WebAddress {
    /** Spelled out in full: shorter forms such as 127.1 mean different hosts to different programs. */
    private static final Pattern LOOPBACK = Pattern.compile("127(\\.(0|[1-9][0-9]{0,2})){3}|\\[::1]|localhost");

    private WebAddress() {}

    /** Dromo's API: https, or http to loopback; without a slash at its end. */
    static URI api(String text) {
        URI address = parse(text);
        String scheme = address.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw new IllegalArgumentException("must begin with https://");
        }
        if (scheme.equals("http")
                && !LOOPBACK.matcher(address.getHost().toLowerCase(Locale.ROOT)).matches()) {
            throw new IllegalArgumentException(
                    "must begin with https://, as the license key would travel in clear text; http is for loopback only");
        }
        if (address.getRawQuery() != null || address.getRawFragment() != null) {
            throw new IllegalArgumentException("must have no '?' and no '#'");
        }
        return URI.create(text.replaceAll("/+$", ""));
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
