package dev.keyturn.config;

import dev.keyturn.rotation.Account;
import dev.keyturn.rotation.HostKeyTrust;
import dev.keyturn.secret.Fingerprint;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code credentials.NAME.host}: the account, and how its host proves itself. */
final class HostReader {
    static final Keys KEYS = Keys.of(
            "hostname", "sftp.acme.example",
            "port", "22",
            "user", "dromo",
            "host_key", "\"SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU\"");
    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?");
    private static final Pattern IPV4 =
            Pattern.compile("(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(?:\\.(?!$)|$)){4}");
    private static final Pattern NUMERIC = Pattern.compile("[0-9.]+");
    private static final int DEFAULT_PORT = 22;

    private final Optional<Path> knownHosts;

    HostReader(Optional<Path> knownHosts) {
        this.knownHosts = knownHosts;
    }

    /** What is empty has had a problem noted. */
    record Host(Optional<String> hostname, int port, Optional<String> user, Optional<HostKeyTrust> trust) {
        static final Host UNREAD = new Host(Optional.empty(), DEFAULT_PORT, Optional.empty(), Optional.empty());

        Optional<Account> account(String whose) {
            return hostname.map(name -> new Account(name, port, whose));
        }
    }

    /**
     * Empty where it is no mapping.
     *
     * @param named whether the users are named in {@code alternate}
     */
    Optional<Host> read(Value value, boolean named) {
        return value.section(KEYS).map(section -> read(section, named));
    }

    private Host read(Section section, boolean named) {
        Optional<String> hostname = section.required("hostname").flatMap(it -> it.parsed(HostReader::hostname));
        int port = section.value("port").flatMap(it -> it.wholeNumber(1, 65535)).orElse(DEFAULT_PORT);
        if (named) {
            section.forbid("user", "does not go with alternate, whose users name the accounts", "leave it out");
        }
        Optional<String> user =
                named ? Optional.empty() : section.required("user").flatMap(HostReader::user);
        return new Host(hostname, port, user, trust(section));
    }

    private Optional<HostKeyTrust> trust(Section section) {
        if (section.has("host_key")) {
            return section.value("host_key")
                    .flatMap(it -> it.parsed(Fingerprint::new))
                    .map(HostKeyTrust.Pinned::new);
        }
        if (knownHosts.isEmpty()) {
            section.reject(
                    "'host_key' is missing and there is no known_hosts: a host is never trusted on first use, since it"
                            + " could be anybody's",
                    KEYS.example("host_key"));
        }
        return knownHosts.map(HostKeyTrust.KnownHosts::new);
    }

    /** A login name that neither ends a line of chpasswd(8) early nor passes for an option. */
    static Optional<String> user(Value value) {
        return value.parsed(text -> {
            if (text.length() > 256) {
                throw new IllegalArgumentException("is longer than 256 characters");
            }
            if (text.startsWith("-")) {
                throw new IllegalArgumentException("a user name must not begin with '-'");
            }
            if (text.chars().anyMatch(c -> c == ':' || Character.isWhitespace(c) || Character.isISOControl(c))) {
                throw new IllegalArgumentException(
                        "a user name must have no ':', no white space and no control character");
            }
            return text;
        });
    }

    private static String hostname(String text) {
        boolean valid =
                text.contains(":") ? isIpv6(text) : NUMERIC.matcher(text).matches() ? isIpv4(text) : isName(text);
        if (!valid) {
            throw new IllegalArgumentException(
                    Problems.quote(text) + " is no host name and no IP address" + hint(text));
        }
        return text;
    }

    private static String hint(String text) {
        if (text.contains("://") || text.contains("/")) {
            return ": leave out scheme and path";
        }
        if (text.contains("@")) {
            return ": the user has a key of its own";
        }
        if (text.startsWith("[")) {
            return ": leave out the brackets, the port has a key of its own";
        }
        if (text.indexOf(':') > 0 && text.indexOf(':') == text.lastIndexOf(':')) {
            return ": the port has a key of its own";
        }
        return text.chars().anyMatch(c -> c > '~') ? ": write an international name in its xn-- form" : "";
    }

    private static boolean isName(String text) {
        String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        if (name.length() > 253) {
            return false;
        }
        for (String label : name.split("\\.", -1)) {
            if (!LABEL.matcher(label).matches()) {
                return false;
            }
        }
        return true;
    }

    private static boolean isIpv4(String text) {
        return IPV4.matcher(text).matches();
    }

    private static boolean isIpv6(String text) {
        if (!text.chars().allMatch(c -> c == ':' || c == '.' || Character.digit(c, 16) >= 0)) {
            return false;
        }
        try {
            // With a colon in it the JDK takes it for an address or refuses it; it never asks the name service.
            InetAddress.getByName(text);
            return true;
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
