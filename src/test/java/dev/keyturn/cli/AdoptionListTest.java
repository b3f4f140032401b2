package dev.keyturn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdoptionListTest {
    @TempDir
    Path directory;

    /** Its size is said to be 0, and it never ends. */
    @Test
    void readsNoMoreThanASecretCanHave() {
        AdoptionList.Adoption endless = new AdoptionList.Adoption(
                "acme", Optional.of(Path.of("/dev/zero")), Optional.empty(), Optional.empty(), "");

        assertThatThrownBy(endless::read).hasMessage("/dev/zero is larger than any key or password");
    }

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
