package dev.keyturn.faults;

import dev.keyturn.sandbox.OpensshKeys;
import dev.keyturn.sandbox.SftpAccount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** An administrator with an editor, who works on authorized_keys and knows nothing of Keyturn. Not thread-safe. */
final class Editor {
    private final SftpAccount account;
    private final List<String> added = new ArrayList<>();
    private String opened = "";

    Editor(SftpAccount account) {
        this.account = account;
    }

    /** What has to be in the file, come what may. */
    List<String> added() {
        return added;
    }

    void addLine() {
        String line = OpensshKeys.ed25519().publicLine();
        account.withKey(line);
        added.add(line);
    }

    void open() {
        opened = account.authorizedKeys();
    }

    /** Saves what was opened, and one line more, over whatever is there by now. */
    void save() {
        String line = OpensshKeys.ed25519().publicLine();
        try {
            Files.writeString(account.keysFile(), opened + line + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        added.add(line);
        opened = account.authorizedKeys();
    }
}
