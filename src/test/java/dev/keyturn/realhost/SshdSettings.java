package dev.keyturn.realhost;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What one {@link RealSshd} was asked to be like, and the files in its {@code /etc} that make it so. */
record SshdSettings(List<String> options, String logLevel, String hostKeyAlgorithm, boolean delayedRefusals) {

    private static final int ROOT = 0;

    SshdSettings {
        options = List.copyOf(options);
    }

    HostKey writeTo(Path etc) throws IOException {
        String pam = Resource.text("etc/pam-service");
        Path services = Ownership.directory(etc.resolve("pam.d"), ROOT, "rwxr-xr-x");
        for (String service : List.of("sshd", "sudo", "passwd", "chpasswd", "other")) {
            String content = delayedRefusals ? pam.replace(" nodelay", "") : pam;
            Ownership.file(services.resolve(service), content, ROOT, "rw-r--r--");
        }
        Ownership.file(etc.resolve("sudoers"), Resource.text("etc/sudoers"), ROOT, "r--r-----");
        Path ssh = Ownership.directory(etc.resolve("ssh"), ROOT, "rwxr-xr-x");
        Ownership.file(ssh.resolve("sshd_config"), config(), ROOT, "rw-r--r--");
        return HostKey.make(hostKeyAlgorithm, ssh.resolve("host_key"));
    }

    /** Whether this sshd, from 9.8 on, shuts an address out for a while after some refusals, as tests provoke them. */
    static boolean penalises(String version) {
        Matcher found = Pattern.compile("OpenSSH_(\\d+)\\.(\\d+)").matcher(version);
        if (!found.find()) {
            throw new IllegalArgumentException("Not a version of OpenSSH: " + version);
        }
        int major = Integer.parseInt(found.group(1));
        return major > 9 || major == 9 && Integer.parseInt(found.group(2)) >= 8;
    }

    private String config() {
        Predicate<String> isMatch = line -> line.startsWith("Match");
        String version = new Command("/usr/sbin/sshd", "-V").run().errors();
        String penalties = penalises(version) ? "PerSourcePenalties no\n" : "";
        return lines(isMatch.negate())
                + penalties
                + Resource.text("etc/sshd_config").replace("@LOG_LEVEL@", logLevel)
                + lines(isMatch);
    }

    private String lines(Predicate<String> kind) {
        return options.stream().filter(kind).map(line -> line + "\n").collect(Collectors.joining());
    }
}
