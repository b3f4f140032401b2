package dev.keyturn.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The name of the control socket in the file system. */
class SocketFileTest {
    private Path directory;

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createTempDirectory("kc");
    }

    @AfterEach
    void remove() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Test
    void isOpenToItsGroupAndGoneAtTheEnd() throws Exception {
        Path path = directory.resolve("run/control.sock");

        try (SocketFile file = SocketFile.listen(path)) {
            assertThat(file.path()).isEqualTo(path);
            assertThat(mode(path)).isEqualTo("rw-rw----");
            assertThat(mode(path.getParent())).isEqualTo("rwxr-x---");
            assertThat(names(path.getParent())).containsExactly("control.sock");
        }

        assertThat(names(path.getParent())).isEmpty();
    }

    @Test
    void takesThePlaceOfASocketOnWhichNobodyAnswers() throws Exception {
        Path path = directory.resolve("control.sock");
        ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        dead.bind(UnixDomainSocketAddress.of(path));
        dead.close();
        assertThat(path).exists();

        try (SocketFile file = SocketFile.listen(path)) {
            assertThat(mode(file.path())).isEqualTo("rw-rw----");
        }
    }

    @Test
    void leavesASocketAloneOnWhichSomebodyListens() throws Exception {
        Path path = directory.resolve("control.sock");
        try (SocketFile first = SocketFile.listen(path)) {
            assertThatExceptionOfType(SocketRefusedException.class)
                    .isThrownBy(() -> SocketFile.listen(path))
                    .withMessageContaining("another process listens there");
            assertThat(first.path()).exists();
        }
    }

    @Test
    void leavesAloneWhatIsNoSocket() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "precious");
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("elsewhere"));
        Path subdirectory = Files.createDirectory(directory.resolve("directory"));

        for (Path path : List.of(file, link, subdirectory)) {
            assertThatExceptionOfType(SocketRefusedException.class)
                    .isThrownBy(() -> SocketFile.listen(path))
                    .withMessageContaining("something else has this name");
        }

        assertThat(file).hasContent("precious");
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(names(directory)).containsExactlyInAnyOrder("file", "link", "directory");
    }

    @Test
    void saysThatAPathIsTooLong() {
        Path path = directory.resolve("x".repeat(107));

        assertThatExceptionOfType(SocketRefusedException.class)
                .isThrownBy(() -> SocketFile.listen(path))
                .withMessageContaining("longer than 107 bytes");
    }

    @Test
    void saysThatThereIsNoDirectoryForIt() {
        Path path = directory.resolve("a/b/control.sock");

        assertThatExceptionOfType(SocketRefusedException.class)
                .isThrownBy(() -> SocketFile.listen(path))
                .withMessageContaining("no such directory")
                .withMessageContaining("control.socket");
    }

    @Test
    void doesNotRemoveTheSocketOfSomebodyElseAtTheEnd() throws Exception {
        Path path = directory.resolve("control.sock");
        SocketFile mine = SocketFile.listen(path);
        Files.delete(path);
        try (SocketFile theirs = SocketFile.listen(path)) {
            mine.close();

            assertThat(theirs.path()).exists();
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
