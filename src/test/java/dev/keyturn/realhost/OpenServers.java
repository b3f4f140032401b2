package dev.keyturn.realhost;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Servers that nobody has closed yet. What a test forgets is closed when the JVM ends. */
final class OpenServers {

    private static final Set<AutoCloseable> OPEN = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(OpenServers::closeAll, "close-real-servers"));
    }

    private OpenServers() {}

    static void add(AutoCloseable server) {
        OPEN.add(server);
    }

    static void remove(AutoCloseable server) {
        OPEN.remove(server);
    }

    private static void closeAll() {
        for (AutoCloseable server : Set.copyOf(OPEN)) {
            try {
                server.close();
            } catch (Exception e) {
                System.err.println("Could not close " + server + " at the JVM's end: " + e);
            }
        }
    }
}
