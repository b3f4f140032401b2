package dev.keyturn.realhost;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;

/** Something a real server needs on this machine, and what to do where it is missing. */
record Requirement(String file, String debianPackage) {

    static final List<Requirement> COMMON = List.of(
            new Requirement("/usr/bin/unshare", "util-linux"),
            new Requirement("/usr/bin/nsenter", "util-linux"),
            new Requirement("/bin/bash", "bash"),
            new Requirement("/usr/bin/ssh-keygen", "openssh-client"),
            new Requirement("/usr/bin/sftp", "openssh-client"));

    static final List<Requirement> SSHD = List.of(
            new Requirement("/usr/sbin/sshd", "openssh-server"),
            new Requirement("/usr/sbin/chpasswd", "passwd"),
            new Requirement("/usr/bin/sudo", "sudo"));

    static final List<Requirement> PROFTPD = List.of(
            new Requirement("/usr/sbin/proftpd", "proftpd-core"),
            new Requirement("/usr/lib/proftpd/mod_sftp.so", "proftpd-mod-crypto"),
            new Requirement("/usr/bin/openssl", "openssl"));

    static List<Requirement> all(List<Requirement> server) {
        return Stream.concat(COMMON.stream(), server.stream()).toList();
    }

    /**
     * Enables, or disables with the reason. Where {@code mandatory}, a reason is an error instead: a CI run that
     * silently skips its integration tests proves nothing.
     */
    static ConditionEvaluationResult judge(List<String> missing, boolean mandatory) {
        if (missing.isEmpty()) {
            return ConditionEvaluationResult.enabled("everything it needs is here");
        }
        String reason = String.join("; ", missing);
        if (mandatory) {
            throw new IllegalStateException("Required in CI (CI=true or -Dkeyturn.ci=true): " + reason);
        }
        return ConditionEvaluationResult.disabled(reason);
    }

    static boolean inCi() {
        return "true".equalsIgnoreCase(System.getenv("CI")) || Boolean.getBoolean("keyturn.ci");
    }

    /** What is missing here, each with its remedy; the later checks only make sense after the earlier ones. */
    static List<String> missing(List<Requirement> wanted) {
        List<String> files = missingFiles(wanted, file -> Files.exists(Path.of(file)));
        if (!files.isEmpty()) {
            return files;
        }
        if (!Integer.valueOf(0).equals(effectiveUser())) {
            return List.of("real SFTP servers have to be started by root: run the integration tests as root");
        }
        Finished probe =
                new Command("/usr/bin/unshare", "--mount", "--pid", "--fork", "--mount-proc", "--", "/bin/true").run();
        if (probe.status() != 0) {
            return List.of("mount namespaces are forbidden here ("
                    + probe.errors().strip() + "): give the container CAP_SYS_ADMIN, as docker run --privileged does");
        }
        return List.of();
    }

    static List<String> missingFiles(List<Requirement> wanted, Predicate<String> exists) {
        return wanted.stream()
                .filter(one -> !exists.test(one.file()))
                .map(one -> one.file() + " is missing: apt-get install " + one.debianPackage())
                .toList();
    }

    private static Object effectiveUser() {
        // The owner of a process's directory in /proc.
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException e) {
            return e;
        }
    }
}
