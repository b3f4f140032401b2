package dev.keyturn.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.realhost.KeyFiles;
import dev.keyturn.realhost.NewAccount;
import dev.keyturn.realhost.RequiresSshd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Hosts with an API of their own: here a shell script that edits the server's files from outside. */
@RequiresSshd
class CommandMethodIT {

    private static Scene scene;
    private static Installation keyturn;
    private static Path setKey;
    private static Path setPassword;

    @BeforeAll
    static void open() {
        scene = Scene.open();
        keyturn = scene.installation().usualPolicies();
        setKey = keyturn.script("set-key", """
                #!/bin/sh
                # Arguments: the authorized_keys file, and where to note what was asked.
                set -eu
                input=$(cat)
                action=$(printf '%s' "$input" | sed -n 's/.*"action" *: *"\\([a-z]*\\)".*/\\1/p')
                key=$(printf '%s' "$input" | sed -n 's/.*"public_key" *: *"\\([^"]*\\)".*/\\1/p')
                printf '%s\\n' "$input" >> "$2"
                case $action in
                    status) ;;
                    install) grep -qF "$key" "$1" || printf '%s\\n' "$key" >> "$1" ;;
                    withdraw)
                        blob=$(printf '%s' "$key" | cut -d ' ' -f 2)
                        grep -vF "$blob" "$1" > "$2.next" || true
                        cat "$2.next" > "$1" ;;
                    *) echo "unknown action '$action'" >&2; exit 1 ;;
                esac
                """);
        setPassword = keyturn.script("set-password", """
                #!/bin/sh
                # Arguments: the shadow file, and where to note what was asked.
                set -eu
                input=$(cat)
                action=$(printf '%s' "$input" | sed -n 's/.*"action" *: *"\\([a-z]*\\)".*/\\1/p')
                user=$(printf '%s' "$input" | sed -n 's/.*"user" *: *"\\([^"]*\\)".*/\\1/p')
                password=$(printf '%s' "$input" | sed -n 's/.*"password" *: *"\\([^"]*\\)".*/\\1/p')
                echo "$action" >> "$2"
                echo "setting '$password' for $user"
                if [ "$action" = install ]; then
                    hash=$(printf '%s\\n' "$password" | openssl passwd -6 -stdin)
                    sed "s|^$user:[^:]*:|$user:$hash:|" "$1" > "$2.next"
                    cat "$2.next" > "$1"
                fi
                """);
    }

    @AfterAll
    static void close() {
        keyturn.close();
        scene.close();
    }

    @Test
    void installsAndWithdrawsAKey() throws IOException {
        String other = KeyFiles.make("ed25519").publicLine();
        ManagedAccount acme = scene.withKey(NewAccount.shell("acme").withKey(other), KeyFiles.make("ed25519"));
        Path asked = keyturn.directory().resolve("asked-key");
        keyturn.manage(
                acme,
                "keys",
                "{method: command, command: [" + setKey + ", " + acme.account().authorizedKeys() + ", " + asked + "]}");
        keyturn.adopt(acme);

        Ran rotated = keyturn.run("rotate", "acme", "--json");

        assertThat(rotated.status()).as(rotated::toString).isEqualTo(0);
        acme.assertRotated();
        assertThat(acme.foreignLines()).containsExactly(other);
        List<JsonNode> requests = new Ran(List.of(), 0, Files.readString(asked), "").jsonLines();
        assertThat(requests)
                .extracting(request -> request.path("action").asString())
                .containsExactly("status", "install", "withdraw");
        JsonNode install = requests.get(1);
        assertThat(install.at("/account/hostname").asString()).isEqualTo("127.0.0.1");
        assertThat(install.at("/account/port").asInt()).isEqualTo(scene.sshd().port());
        assertThat(install.at("/account/user").asString()).isEqualTo("acme");
        assertThat(install.path("fingerprint").asString())
                .isEqualTo(acme.inDromo().keyFingerprint());
        keyturn.assertAuditVerifies();
    }

    @Test
    void setsAPasswordAndMasksItInWhatTheProgramSays() throws IOException {
        ManagedAccount plain = scene.withPassword(NewAccount.shell("plain"), "Old-words-of-plain-1");
        Path asked = keyturn.directory().resolve("asked-password");
        keyturn.manage(
                plain,
                "passwords",
                "{method: command, command: [" + setPassword + ", "
                        + scene.sshd().etc().resolve("shadow") + ", " + asked + "]}");
        keyturn.adopt(plain);

        Ran rotated = keyturn.run("rotate", "plain", "--json");

        assertThat(rotated.status()).as(rotated::toString).isEqualTo(0);
        plain.assertRotated();
        assertThat(Files.readAllLines(asked)).contains("install").startsWith("status");
        assertThat(rotated.out() + rotated.err())
                .doesNotContain(String.valueOf(plain.inDromo().password()))
                .doesNotContain("Old-words-of-plain-1");
    }

    @Test
    void stopsAtARefusalAndChangesNothing() {
        ManagedAccount refused = scene.withKey(NewAccount.shell("refused"), KeyFiles.make("ed25519"));
        List<String> before = refused.account().keys();
        Path refuse = keyturn.script("refuse", "#!/bin/sh\ncat > /dev/null\necho 'no such tenant' >&2\nexit 3\n");
        keyturn.manage(refused, "keys", "{method: command, command: [" + refuse + "]}");
        keyturn.adopt(refused);

        Ran rotated = keyturn.run("rotate", "refused", "--json");

        assertThat(rotated.status()).as(rotated::toString).isEqualTo(1);
        JsonNode error = rotated.jsonOf("refused").path("error");
        assertThat(error.path("message").asString()).contains("no such tenant").contains("refuse");
        assertThat(Stream.of("step", "kind", "valid_now", "hint"))
                .allSatisfy(field -> assertThat(error.path(field).asString()).isNotBlank());
        refused.assertAsBefore(before);
    }
}
