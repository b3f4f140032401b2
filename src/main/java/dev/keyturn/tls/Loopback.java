package dev.keyturn.tls;

import java.util.Locale;
import java.util.regex.Pattern;

/** This machine itself, as an address names it: what is said to it crosses no network. */
public final class Loopback {
    /** Spelled out in full: shorter forms such as 127.1 mean different hosts to different programs. */
    private static final Pattern NAMES = Pattern.compile("127(\\.(0|[1-9][0-9]{0,2})){3}|\\[::1]|::1|localhost");

    private Loopback() {}

    /** @param host a name or an address, an IPv6 one with or without its brackets */
    public static boolean is(String host) {
        return NAMES.matcher(host.toLowerCase(Locale.ROOT)).matches();
    }
}
