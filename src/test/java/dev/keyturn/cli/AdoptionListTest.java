package dev.keyturn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdoptionListTest {
    @TempDir
    Path directory;

    @Test
    void readsAListThatASpreadsheetHasSavedWithAByteOrderMark() throws Exception {
        for (String mark : new String[] {"", "\uFEFF"}) {
            Path list = Files.writeString(
                    directory.resolve("fleet.csv"), mark + "credential,private_key_file\r\nacme,keys/acme\r\n");

            assertThat(AdoptionList.read(list)).singleElement().satisfies(adoption -> {
                assertThat(adoption.credential()).isEqualTo("acme");
                assertThat(adoption.privateKeyFile()).contains(directory.resolve("keys/acme"));
            });
        }
    }
}
