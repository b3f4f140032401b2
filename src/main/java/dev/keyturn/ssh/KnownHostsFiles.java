package dev.keyturn.ssh;

import com.jcraft.jsch.HostKeyRepository;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Files of OpenSSH's known_hosts format. A file is read for each connection, so an edit counts at once, and parsed when
 * its content has changed. Thread-safe.
 */
final class KnownHostsFiles {
    private record Parsed(ByteBuffer content, HostKeyRepository keys) {}

    private final Map<Path, Parsed> parsed = new ConcurrentHashMap<>();

    /** @throws IOException where the file can't be read or parsed; JSch itself would take a missing file for an empty one */
    HostKeyRepository read(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        Parsed known = parsed.get(file);
        if (known == null || !known.content().equals(ByteBuffer.wrap(content))) {
            known = new Parsed(ByteBuffer.wrap(content), parse(content));
            parsed.put(file, known);
        }
        return known.keys();
    }

    private static HostKeyRepository parse(byte[] content) throws IOException {
        try {
            JSch jsch = new JSch();
            jsch.setKnownHosts(new ByteArrayInputStream(content));
            return jsch.getHostKeyRepository();
        } catch (JSchException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
