package dev.keyturn.realhost;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * OpenSSH's own {@code sftp} and {@code ssh}, as a second opinion on whether a credential logs in. They read no
 * configuration, use no agent, and trust exactly one host key. Each call is a connection of its own.
 */
public final class OpensshClient {

    private final String host;
    private final int port;
    private final String hostKey;

    /** @param hostKey the only trusted host key, {@code ALGORITHM BASE64} */
    public OpensshClient(String host, int port, String hostKey) {
        this.host = host;
        this.port = port;
        this.hostKey = hostKey;
    }

    /**
     * Logs in with a private key alone. The file's mode doesn't matter; ssh gets a copy of its own.
     *
     * @throws IllegalStateException where the server neither accepts nor refuses, or the key can't be read
     */
    public Login login(String account, Path privateKey) {
        return login(account, read(privateKey));
    }

    /** Logs in with a private key alone, in any format that ssh reads, without a passphrase. */
    public Login login(String account, byte[] privateKey) {
        return judge(account, sftp(account, privateKey, null, "pwd\n"));
    }

    /** Logs in with a password alone, by the method {@code password} or {@code keyboard-interactive}. */
    public Login login(String account, String password) {
        return judge(account, sftp(account, null, password, "pwd\n"));
    }

    /** Logs in where the server wants both. */
    public Login login(String account, byte[] privateKey, String password) {
        return judge(account, sftp(account, privateKey, password, "pwd\n"));
    }

    public boolean logsIn(String account, byte[] privateKey) {
        return login(account, privateKey) == Login.ACCEPTED;
    }

    public boolean logsIn(String account, String password) {
        return login(account, password) == Login.ACCEPTED;
    }

    /**
     * Runs lines of sftp(1) in one session.
     *
     * @param privateKey null to use none
     * @param password null to use none
     */
    public Finished sftp(String account, byte @Nullable [] privateKey, @Nullable String password, String batch) {
        return run("sftp", account, privateKey, password, batch, List.of());
    }

    /** Runs a command on the server with the given standard input; 255 also stands for a failed login. */
    public Finished ssh(String account, byte[] privateKey, String input, String... command) {
        return run("ssh", account, privateKey, null, input, List.of(command));
    }

    private Finished run(
            String program,
            String account,
            byte @Nullable [] privateKey,
            @Nullable String password,
            String input,
            List<String> command) {
        Path directory = privateDirectory();
        try {
            Path knownHosts = secret(
                    directory,
                    "known_hosts",
                    ("[" + host + "]:" + port + " " + hostKey + "\n").getBytes(StandardCharsets.UTF_8));
            List<String> words = new ArrayList<>(List.of("/usr/bin/" + program, "-F", "none"));
            for (String option : List.of(
                    "Port=" + port,
                    "StrictHostKeyChecking=yes",
                    "UserKnownHostsFile=" + knownHosts,
                    "GlobalKnownHostsFile=/dev/null",
                    "UpdateHostKeys=no",
                    "IdentityAgent=none",
                    "IdentitiesOnly=yes",
                    "ConnectTimeout=60",
                    "NumberOfPasswordPrompts=1",
                    // Ahead of sftp -b, which would switch it on and so forbid passwords.
                    "BatchMode=" + (password == null ? "yes" : "no"),
                    "PreferredAuthentications=" + methods(privateKey, password),
                    "IdentityFile=" + (privateKey == null ? "none" : secret(directory, "key", privateKey)))) {
                words.add("-o" + option);
            }
            words.addAll(
                    program.equals("sftp") ? List.of("-b", "-", account + "@" + host) : List.of(account + "@" + host));
            words.addAll(command);
            Command ran = new Command(words).with("HOME", directory.toString()).input(input);
            if (password != null) {
                Path answer = secret(directory, "password", password.getBytes(StandardCharsets.UTF_8));
                Path askpass = secret(
                        directory, "askpass", ("#!/bin/sh\ncat '" + answer + "'\n").getBytes(StandardCharsets.UTF_8));
                Files.setPosixFilePermissions(askpass, PosixFilePermissions.fromString("rwx------"));
                ran.with("SSH_ASKPASS", askpass.toString()).with("SSH_ASKPASS_REQUIRE", "force");
            }
            return ran.run();
        } catch (IOException e) {
            throw new UncheckedIOException("Can't prepare " + program, e);
        } finally {
            Workspace.delete(directory);
        }
    }

    private Login judge(String account, Finished sftp) {
        String said = sftp.errors();
        if (sftp.status() == 0) {
            return Login.ACCEPTED;
        }
        // Before the refusal: by keyboard-interactive, a password that is not changed ends in one.
        if (said.contains("You are required to change your password immediately")) {
            return Login.PASSWORD_EXPIRED;
        }
        Pattern denied = Pattern.compile(
                "(?m)^" + Pattern.quote(account + "@" + host) + ": Permission denied \\([a-z,-]+\\)\\.\r?$");
        // A key that ssh couldn't load was never offered.
        if (sftp.status() == 255 && denied.matcher(said).find() && !said.contains("Load key")) {
            return Login.REFUSED;
        }
        throw new IllegalStateException("Neither accepted nor refused: " + sftp);
    }

    private static String methods(byte @Nullable [] privateKey, @Nullable String password) {
        String passwords = "password,keyboard-interactive";
        if (privateKey == null) {
            return passwords;
        }
        return password == null ? "publickey" : "publickey," + passwords;
    }

    private static Path privateDirectory() {
        try {
            return Files.createTempDirectory("keyturn-openssh-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path secret(Path directory, String name, byte[] content) throws IOException {
        Path file = directory.resolve(name);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.write(file, content);
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
