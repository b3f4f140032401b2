package dev.keyturn.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.realhost.Account;
import dev.keyturn.realhost.KeyFiles;
import dev.keyturn.realhost.RealProftpd;
import dev.keyturn.realhost.RequiresProftpd;
import dev.keyturn.sandbox.DromoCredential;
import dev.keyturn.sandbox.DromoStandIn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** ProFTPD with mod_sftp: no shell, no passwd, its own user file and keys in the format of RFC 4716. */
@RequiresProftpd
class ProftpdIT {

    private static RealProftpd proftpd;
    private static DromoStandIn dromo;
    private static Installation keyturn;

    @BeforeAll
    static void open() {
        proftpd = RealProftpd.running();
        dromo = Scene.startDromo();
        keyturn = new Installation(dromo).usualPolicies();
    }

    @AfterAll
    static void close() throws IOException {
        keyturn.close();
        dromo.close();
        proftpd.close();
    }

    @Test
    void rotatesAPasswordWithAProgramThatEditsItsUserFile() {
        ManagedAccount acme = account(proftpd.add("acme", "Old-words-of-acme-1"), null, "Old-words-of-acme-1");
        Path users = acme.account().home().getParent().getParent().resolve("etc/proftpd/passwd");
        Path program = keyturn.script("set-password", """
                #!/bin/sh
                # Argument: ProFTPD's AuthUserFile.
                set -eu
                input=$(cat)
                action=$(printf '%s' "$input" | sed -n 's/.*"action" *: *"\\([a-z]*\\)".*/\\1/p')
                user=$(printf '%s' "$input" | sed -n 's/.*"user" *: *"\\([^"]*\\)".*/\\1/p')
                password=$(printf '%s' "$input" | sed -n 's/.*"password" *: *"\\([^"]*\\)".*/\\1/p')
                if [ "$action" = install ]; then
                    hash=$(printf '%s\\n' "$password" | openssl passwd -6 -stdin)
                    sed -i "s|^$user:[^:]*:|$user:$hash:|" "$1"
                    chmod 600 "$1"
                fi
                """);
        keyturn.manage(acme, "passwords", "{method: command, command: [" + program + ", " + users + "]}");
        keyturn.adopt(acme);

        Ran rotated = keyturn.run("rotate", "acme", "--json");

        assertThat(rotated.status()).as(rotated::toString).isEqualTo(0);
        acme.assertRotated();
        keyturn.assertAuditVerifies();
    }

    @Test
    void rotatesAKeyWithAProgramThatWritesRfc4716() {
        KeyFiles key = KeyFiles.make("ed25519");
        ManagedAccount keyed = account(proftpd.add("keyed", null, key.rfc4716()), key, null);
        Path program = keyturn.script("set-key", """
                #!/bin/sh
                # Argument: the user's key file, with one key after the other.
                set -eu
                input=$(cat)
                action=$(printf '%s' "$input" | sed -n 's/.*"action" *: *"\\([a-z]*\\)".*/\\1/p')
                printf '%s' "$input" | sed -n 's/.*"public_key" *: *"\\([^"]*\\)".*/\\1/p' > "$1.asked"
                ssh-keygen -e -m RFC4716 -f "$1.asked" | grep -v '^Comment: ' > "$1.key"
                body=$(sed -n '2p' "$1.key")
                case $action in
                    status) ;;
                    install) grep -qF "$body" "$1" || cat "$1.key" >> "$1" ;;
                    withdraw)
                        awk -v body="$body" '
                            /^---- BEGIN/ { block = "" }
                            { block = block $0 "\\n" }
                            /^---- END/ && index(block, body) == 0 { printf "%s", block }
                        ' "$1" > "$1.next"
                        cat "$1.next" > "$1" ;;
                esac
                rm -f "$1.asked" "$1.key" "$1.next"
                """);
        keyturn.manage(
                keyed,
                "keys",
                "{method: command, command: [" + program + ", "
                        + keyed.account().authorizedKeys() + "]}");
        keyturn.adopt(keyed);

        Ran rotated = keyturn.run("rotate", "keyed", "--json");

        assertThat(rotated.status()).as(rotated::toString).isEqualTo(0);
        keyed.assertRotated();
        Ran verified = keyturn.run("verify", "keyed");
        assertThat(verified.status()).as(verified::toString).isEqualTo(0);
        keyturn.assertAuditVerifies();
    }

    @Test
    void undoesAnOpensshLineThatProftpdPassesOver() {
        KeyFiles key = KeyFiles.make("ed25519");
        ManagedAccount foreign = account(proftpd.add("foreign", null, key.rfc4716()), key, null);
        keyturn.manage(foreign, "keys", "{method: authorized_keys, path: .sftp/authorized_keys}");
        keyturn.adopt(foreign);

        Ran rotated = keyturn.run("rotate", "foreign", "--json");

        assertThat(rotated.status()).as(rotated::toString).isEqualTo(1);
        assertThat(rotated.jsonOf("foreign").at("/error/hint").asString()).isNotBlank();
        foreign.assertAsBefore(key.rfc4716().strip().lines().toList());
    }

    private static ManagedAccount account(Account account, @Nullable KeyFiles key, @Nullable String password) {
        DromoCredential credential = key == null
                ? DromoCredential.ofPassword(
                        proftpd.host(), proftpd.port(), account.name(), Objects.requireNonNull(password))
                : DromoCredential.ofKey(
                        proftpd.host(),
                        proftpd.port(),
                        account.name(),
                        new String(key.privateKey(), StandardCharsets.US_ASCII));
        ManagedAccount.Host host =
                new ManagedAccount.Host(proftpd.host(), proftpd.port(), proftpd.hostKeyFingerprint(), proftpd.client());
        return new ManagedAccount(account, host, dromo, dromo.seed(credential), key, password);
    }
}
