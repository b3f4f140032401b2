package dev.keyturn.realhost;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The directories that cover the machine's own inside an {@link Enclosure}, with an {@code etc} programs can run on. */
final class EnclosureDirectory {

    private static final int ROOT = 0;

    /**
     * The machine's, as its libraries and clock are the machine's too. None holds a secret. Its alternatives are left
     * out, so awk, editors and pagers can't be run inside.
     */
    private static final List<String> COPIED =
            List.of("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "login.defs");

    private EnclosureDirectory() {}

    static void fill(Path root) throws IOException {
        Path etc = Ownership.directory(root.resolve("etc"), ROOT, "rwxr-xr-x");
        Ownership.directory(root.resolve("home"), ROOT, "rwxr-xr-x");
        Ownership.directory(root.resolve("log"), ROOT, "rwxr-xr-x");
        Ownership.directory(root.resolve("tmp"), ROOT, "rwxrwxrwx");

        List<String> copy = new ArrayList<>(List.of("/bin/cp", "-a", "-L", "-t", etc.toString()));
        COPIED.stream()
                .map(Path.of("/etc")::resolve)
                .filter(Files::exists)
                .map(Path::toString)
                .forEach(copy::add);
        new Command(copy).runOrFail();

        Ownership.file(etc.resolve("nsswitch.conf"), Resource.text("etc/nsswitch.conf"), ROOT, "rw-r--r--");
        // sudo looks its own host's name up.
        String names = "127.0.0.1 localhost " + InetAddress.getLocalHost().getHostName() + "\n";
        Ownership.file(etc.resolve("hosts"), names, ROOT, "rw-r--r--");
    }
}
