package dev.keyturn.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.realhost.Account;
import dev.keyturn.realhost.KeyFiles;
import dev.keyturn.realhost.NewAccount;
import dev.keyturn.realhost.RequiresSshd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What people do to authorized_keys files: it is all still there after a rotation. */
@RequiresSshd
class AuthorizedKeysIT {

    private static final KeyFiles KEY = KeyFiles.make("ed25519");
    private static final String OTHER = KeyFiles.make("rsa").publicLine();

    /** @param before the file's content, {@code KEY} standing for the line of the old key without its comment */
    private record Oddity(String name, String before, String optionsKept) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Oddity> ODDITIES = List.of(
            new Oddity("from", "from=\"127.0.0.1,10.0.0.0/8\" KEY dromo\n", "from=\"127.0.0.1,10.0.0.0/8\""),
            new Oddity("command", "restrict,command=\"internal-sftp\" KEY\n", "restrict,command=\"internal-sftp\""),
            new Oddity(
                    "quoted",
                    "environment=\"WHO=a \\\"b\\\", c\",no-pty KEY the one\n",
                    "environment=\"WHO=a \\\"b\\\", c\",no-pty"),
            new Oddity("comments", "# first\n\n   # indented\n" + "KEY\n\n\t\n# last\n", ""),
            new Oddity("crlf", "# first\r\n" + OTHER + "\r\nKEY dromo\r\n# last\r\n", ""),
            new Oddity("unended", OTHER + "\nKEY dromo", ""),
            new Oddity("unended-other", "KEY dromo\n" + OTHER, ""),
            new Oddity("garbage", "this is no key\nKEY\nssh-rsa AAAA-broken\n\u00e4\u00f6\u00fc \u20ac\n", ""),
            new Oddity("spaced", "  KEY   two  words \n" + OTHER + "  \n", ""));

    private static Scene scene;
    private static Installation keyturn;
    private static final Map<String, ManagedAccount> ACCOUNTS = new LinkedHashMap<>();
    private static final Map<String, List<String>> FOREIGN_BEFORE = new LinkedHashMap<>();

    static List<Oddity> oddities() {
        return ODDITIES;
    }

    @BeforeAll
    static void rotateAll() throws IOException {
        scene = Scene.open();
        keyturn = scene.installation().usualPolicies();
        for (Oddity oddity : ODDITIES) {
            add(oddity.name, oddity.before);
        }
        Account mode = add("mode", "KEY\n").account();
        Files.setPosixFilePermissions(mode.authorizedKeys(), PosixFilePermissions.fromString("rw-r-----"));
        linkElsewhere(add("linked", OTHER + "\nKEY\n").account());
        ManagedAccount[] all = ACCOUNTS.values().toArray(ManagedAccount[]::new);
        for (ManagedAccount managed : all) {
            FOREIGN_BEFORE.put(managed.name(), managed.foreignLines());
        }

        keyturn.adopt(all);
        Ran rotated = keyturn.run("rotate", "--all");

        assertThat(rotated.status()).as(rotated::toString).isEqualTo(0);
        assertThat(rotated.out()).contains("comments: completed in ");
    }

    @AfterAll
    static void close() {
        keyturn.close();
        scene.close();
    }

    private static ManagedAccount add(String name, String content) throws IOException {
        Account account = scene.sshd().add(NewAccount.shell(name));
        String line = KEY.publicLine().substring(0, KEY.publicLine().lastIndexOf(' '));
        Files.write(account.authorizedKeys(), content.replace("KEY", line).getBytes(StandardCharsets.UTF_8));
        ManagedAccount managed = scene.known(account, KEY);
        ACCOUNTS.put(name, managed);
        keyturn.manage(managed, "keys", "{method: authorized_keys}");
        return managed;
    }

    private static void linkElsewhere(Account account) throws IOException {
        Path elsewhere = Files.createDirectory(account.home().resolve("kept"));
        Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rwx------"));
        Files.setAttribute(elsewhere, "unix:uid", account.uid());
        Files.setAttribute(elsewhere, "unix:gid", account.uid());
        Files.move(account.authorizedKeys(), elsewhere.resolve("keys"));
        Files.createSymbolicLink(account.authorizedKeys(), Path.of("../kept/keys"));
    }

    @ParameterizedTest
    @MethodSource("oddities")
    void keepsOtherLinesByteForByteAndTheOptions(Oddity oddity) {
        ManagedAccount managed = ACCOUNTS.get(oddity.name);

        managed.assertRotated();
        assertThat(managed.foreignLines()).isEqualTo(FOREIGN_BEFORE.get(oddity.name));
        assertThat(managed.rawLines()).hasSize(FOREIGN_BEFORE.get(oddity.name).size() + 1);
        String options = oddity.optionsKept.isEmpty() ? "" : oddity.optionsKept + " ";
        assertThat(managed.currentLine().strip()).startsWith(options + "ssh-ed25519 AAAA");
    }

    @Test
    void keepsTheMode() throws IOException {
        ManagedAccount managed = ACCOUNTS.get("mode");

        managed.assertRotated();
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(managed.account().authorizedKeys())))
                .isEqualTo("rw-r-----");
    }

    @Test
    void writesThroughASymbolicLinkAndKeepsIt() throws IOException {
        ManagedAccount managed = ACCOUNTS.get("linked");

        managed.assertRotated();
        assertThat(managed.foreignLines()).containsExactly(OTHER);
        assertThat(Files.readSymbolicLink(managed.account().authorizedKeys())).hasToString("../kept/keys");
    }

    @Test
    void leavesAnAuditLogThatVerifies() {
        keyturn.assertAuditVerifies();
    }
}
