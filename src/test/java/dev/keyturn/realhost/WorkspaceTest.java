package dev.keyturn.realhost;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceTest {

    @TempDir
    private Path temporary;

    @Test
    void isPrivateAndGoneAfterClosing() throws IOException {
        Path root;
        try (Workspace workspace = Workspace.create()) {
            root = workspace.root();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root)))
                    .isEqualTo("rwx------");
        }
        assertThat(root).doesNotExist();
    }

    @Test
    void removesWhatAKilledJvmLeftButNothingYoungOrForeign() throws IOException {
        Path abandoned = leftover("keyturn-realhost-1", Duration.ofMinutes(5));
        Path young = leftover("keyturn-realhost-2", Duration.ZERO);
        Path foreign = leftover("someone-elses", Duration.ofMinutes(5));

        Workspace.sweep(temporary);

        assertThat(abandoned).doesNotExist();
        assertThat(young).exists();
        assertThat(foreign).exists();
    }

    @Test
    void removesLinksButNotWhatTheyPointTo() throws IOException {
        Path precious = Files.writeString(temporary.resolve("precious"), "kept");
        Path tree = Files.createDirectory(temporary.resolve("tree"));
        Files.createSymbolicLink(tree.resolve("link"), precious);
        Files.createSymbolicLink(tree.resolve("up"), temporary);

        Workspace.delete(tree);

        assertThat(tree).doesNotExist();
        assertThat(precious).hasContent("kept");
    }

    private Path leftover(String name, Duration age) throws IOException {
        Path root =
                Files.createDirectories(temporary.resolve(name).resolve("etc")).getParent();
        Path lock = Files.createFile(root.resolve("in-use"));
        Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minus(age)));
        return root;
    }
}
