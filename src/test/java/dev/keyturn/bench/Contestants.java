package dev.keyturn.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Who takes part, and what each of them needs on this machine. */
final class Contestants {

    static final String LIMIT = "limit";
    static final String KEYTURN = "keyturn";
    static final List<String> NAMES = List.of(LIMIT, "limit-sftp", KEYTURN, "python", "script", "script-curve25519");

    private static final Contestant.Preparation NOTHING = directory -> {};
    private static final String PYTHON = "/usr/bin/python3";

    private Contestants() {}

    /** @param scripts the repository's directory {@code bench} */
    static List<Contestant> wanted(Options options, Path scripts, Path distribution, Fleet fleet) {
        String limit = "gcc -O2 -o limit '" + scripts.resolve("limit.c") + "' -lssh";
        Contestant.Preparation compile = directory -> Program.run(directory, Map.of(), List.of("sh", "-c", limit));
        String script = scripts.resolve("rotate.sh").toString();
        Keyturn keyturn = new Keyturn(distribution.resolve("bin/keyturn"), fleet, options.concurrency());
        List<Contestant> all = List.of(
                new Contestant(
                        LIMIT,
                        "the sshd's limit: two logins accepted, one refused",
                        Contestant.Kind.LOGS_IN,
                        List.of("./limit", ".", "login"),
                        Map.of(),
                        compile),
                new Contestant(
                        "limit-sftp",
                        "the same, with SFTP opened twice",
                        Contestant.Kind.LOGS_IN,
                        List.of("./limit", ".", "sftp"),
                        Map.of(),
                        compile),
                new Contestant(
                        KEYTURN,
                        "`keyturn rotate --all`",
                        Contestant.Kind.ROTATES,
                        keyturn.rotateAll(),
                        keyturn.environment(),
                        keyturn::prepare),
                new Contestant(
                        "python",
                        "`rotate.py`, with paramiko",
                        Contestant.Kind.ROTATES,
                        List.of(PYTHON, scripts.resolve("rotate.py").toString(), "."),
                        Map.of(),
                        NOTHING),
                new Contestant(
                        "script",
                        "`rotate.sh`, with OpenSSH's defaults",
                        Contestant.Kind.ROTATES,
                        List.of(script, "."),
                        Map.of(),
                        NOTHING),
                new Contestant(
                        "script-curve25519",
                        "`rotate.sh`, with the cheaper key exchange",
                        Contestant.Kind.ROTATES,
                        List.of(script, "."),
                        Map.of("SSH_OPTIONS", "-o KexAlgorithms=curve25519-sha256"),
                        NOTHING));
        return all.stream().filter(one -> options.wants(one.name())).toList();
    }

    /** What is missing here for those wanted, each with its remedy. */
    static List<String> missing(Options options, Path distribution) {
        List<String> missing = new ArrayList<>();
        need(missing, "/usr/sbin/sshd", "apt-get install openssh-server");
        need(missing, "/usr/bin/ssh-keygen", "apt-get install openssh-client");
        if (Stream.of(LIMIT, "limit-sftp").anyMatch(options::wants)) {
            need(missing, "/usr/bin/gcc", "apt-get install gcc libc6-dev");
            need(missing, "/usr/include/libssh/libssh.h", "apt-get install libssh-dev");
        }
        if (Stream.of("script", "script-curve25519").anyMatch(options::wants)) {
            need(missing, "/usr/bin/sftp", "apt-get install openssh-client");
            need(missing, "/usr/bin/curl", "apt-get install curl");
        }
        if (options.wants("python")) {
            need(missing, PYTHON, "apt-get install python3-paramiko");
            need(missing, "/usr/lib/python3/dist-packages/paramiko", "apt-get install python3-paramiko");
        }
        if (options.wants(KEYTURN)) {
            need(missing, distribution.resolve("bin/keyturn").toString(), "./mvnw -q -DskipTests package");
        }
        return missing;
    }

    private static void need(List<String> missing, String file, String remedy) {
        if (!Files.exists(Path.of(file))) {
            missing.add(file + " is missing: " + remedy);
        }
    }
}
