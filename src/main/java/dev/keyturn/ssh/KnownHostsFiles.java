package dev.keyturn.ssh;

import com.jcraft.jsch.HostKeyRepository;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import dev.keyturn.rotation.Account;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Files of OpenSSH's known_hosts format. A file is read for each connection, so an edit counts at once; what it says of
 * a host is worked out when its content has changed. Thread-safe.
 *
 * <p>JSch knows no wildcards in it but for authorities: {@code @revoked * KEY} would revoke nothing. So lines are matched
 * here, and JSch gets those that are about the host, under the name it will ask for.
 */
final class KnownHostsFiles {
    private record Version(ByteBuffer content, Map<String, HostKeyRepository> byHost) {}

    private final Map<Path, Version> versions = new ConcurrentHashMap<>();

    /** @throws IOException where the file can't be read or parsed; JSch itself would take a missing file for an empty one */
    HostKeyRepository read(Path file, Account account) throws IOException {
        ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(file));
        Version version = versions.get(file);
        if (version == null || !version.content().equals(content)) {
            version = new Version(content, new ConcurrentHashMap<>());
            versions.put(file, version);
        }
        String host = account.hostname() + ":" + account.port();
        HostKeyRepository keys = version.byHost().get(host);
        if (keys == null) {
            keys = parse(about(account, new String(content.array(), StandardCharsets.ISO_8859_1)));
            version.byHost().put(host, keys);
        }
        return keys;
    }

    /** The lines about this host. Off port 22 its name is {@code [host]:port}, or else {@code host} alone. */
    static String about(Account account, String content) {
        Set<String> names = new LinkedHashSet<>();
        if (account.port() != 22) {
            names.add("[" + account.hostname() + "]:" + account.port());
        }
        names.add(account.hostname());
        StringBuilder lines = new StringBuilder();
        for (String text : content.lines().toList()) {
            KnownHostsLine line = KnownHostsLine.of(text);
            boolean anyName = names.stream().anyMatch(name -> line.matches(name.toLowerCase(Locale.ROOT)));
            for (String name : names) {
                // What is revoked under one name of the host is revoked under the other too.
                boolean applies = line.revoked() ? anyName : line.matches(name.toLowerCase(Locale.ROOT));
                if (applies) {
                    lines.append(line.under(name)).append('\n');
                }
            }
        }
        return lines.toString();
    }

    private static HostKeyRepository parse(String lines) throws IOException {
        try {
            JSch jsch = new JSch();
            jsch.setKnownHosts(new ByteArrayInputStream(lines.getBytes(StandardCharsets.ISO_8859_1)));
            return jsch.getHostKeyRepository();
        } catch (JSchException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
