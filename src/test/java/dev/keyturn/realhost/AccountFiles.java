package dev.keyturn.realhost;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The accounts of one {@link RealSshd}: its passwd, shadow and group files and its home directories. */
final class AccountFiles {

    private static final int ROOT = 0;
    private static final int FIRST_UID = 20_001;
    private static final int FIRST_GROUP = 19_001;
    private static final int SHADOW_GROUP = 42;

    private final Path etc;
    private final Path homes;
    private int nextUid = FIRST_UID;

    private AccountFiles(Path etc, Path homes) {
        this.etc = etc;
        this.homes = homes;
    }

    static AccountFiles create(Path etc, Path homes) throws IOException {
        Ownership.file(etc.resolve("passwd"), Resource.text("etc/passwd"), ROOT, "rw-r--r--");
        Ownership.file(etc.resolve("group"), Resource.text("etc/group") + kindGroups(), ROOT, "rw-r--r--");
        Path shadow = Ownership.file(etc.resolve("shadow"), Resource.text("etc/shadow"), ROOT, "rw-r-----");
        Files.setAttribute(shadow, "unix:gid", SHADOW_GROUP);
        Ownership.directory(etc.resolve("ssh/authorized_keys"), ROOT, "rwxr-xr-x");
        return new AccountFiles(etc, homes);
    }

    /** Adds accounts that no password logs in to. */
    synchronized List<Account> add(List<NewAccount> wanted) throws IOException {
        List<Account> added = new ArrayList<>();
        List<String> passwd = new ArrayList<>();
        List<String> shadow = new ArrayList<>();
        List<String> groups = new ArrayList<>();
        for (NewAccount account : wanted) {
            String name = account.name();
            AccountKind kind = account.kind();
            int uid = kind == AccountKind.KEY_ADMINISTRATOR ? ROOT : nextUid++;
            passwd.add(String.join(":", name, "x", "" + uid, "" + uid, "", kind.home(name), kind.shell()));
            shadow.add(name + ":*:20000:0:99999:7:::");
            if (uid != ROOT) {
                groups.add(name + ":x:" + uid + ":");
            }
            added.add(makeHome(account, uid));
        }
        // The lock of lckpwdf(3), which chpasswd, chage and pam_unix take too.
        try (FileChannel channel = FileChannel.open(
                        etc.resolve(".pwd.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            append("group", groups, wanted);
            append("shadow", shadow, List.of());
            append("passwd", passwd, List.of());
            return held.isValid() ? added : List.of();
        }
    }

    private Account makeHome(NewAccount account, int uid) throws IOException {
        String name = account.name();
        AccountKind kind = account.kind();
        Path home = onDisk(kind.home(name));
        if (kind == AccountKind.CHROOT_ABOVE_HOME) {
            Ownership.directory(onDisk("/home/" + name), ROOT, "rwxr-xr-x");
            Ownership.directory(onDisk("/home/" + name + "/home"), ROOT, "rwxr-xr-x");
        }
        Ownership.directory(home, kind == AccountKind.CHROOT_AT_HOME ? ROOT : uid, "rwxr-xr-x");
        Ownership.directory(home.resolve(".ssh"), uid, "rwx------");
        Ownership.directory(home.resolve("uploads"), uid, "rwxr-xr-x");

        boolean outside = kind == AccountKind.KEYS_OUTSIDE_HOME;
        Path keys = Ownership.file(
                onDisk(kind.keysOnServer(name)),
                String.join("", account.keys().stream().map(line -> line + "\n").toList()),
                outside ? ROOT : uid,
                outside ? "rw-r--r--" : "rw-------");
        return new Account(name, uid, home, keys, kind.keysInSession(name), kind.keysOnServer(name));
    }

    private Path onDisk(String pathOnServer) {
        Path path = Path.of(pathOnServer);
        Path below = path.subpath(1, path.getNameCount());
        return (path.startsWith("/home") ? homes : etc).resolve(below);
    }

    private void append(String file, List<String> lines, List<NewAccount> members) throws IOException {
        Path old = etc.resolve(file);
        List<String> content = new ArrayList<>(Files.readAllLines(old));
        content.addAll(lines);
        for (NewAccount member : members) {
            String group = member.kind().group();
            if (!group.isEmpty()) {
                content.replaceAll(line -> line.startsWith(group + ":") ? joined(line, member.name()) : line);
            }
        }
        Path next = etc.resolve(file + ".keyturn");
        Files.copy(old, next, StandardCopyOption.COPY_ATTRIBUTES);
        Files.write(next, content);
        Files.move(next, old, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String joined(String groupLine, String member) {
        return groupLine + (groupLine.endsWith(":") ? "" : ",") + member;
    }

    private static String kindGroups() {
        StringBuilder groups = new StringBuilder();
        int gid = FIRST_GROUP;
        for (String group : Stream.of(AccountKind.values())
                .map(AccountKind::group)
                .filter(group -> !group.isEmpty())
                .toList()) {
            groups.append(group).append(":x:").append(gid++).append(":\n");
        }
        return groups.toString();
    }
}
