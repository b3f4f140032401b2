package dev.keyturn.config;

import java.io.ByteArrayInputStream;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/** A file's bytes, and the one YAML document in it. */
final class YamlFile {
    private static final int LARGEST = 64 << 20;

    private final byte[] bytes;
    private final String start;
    private final Problems problems;

    private YamlFile(byte[] bytes, String firstLine, Problems problems) {
        this.bytes = bytes;
        this.start = "for example start with the line " + firstLine;
        this.problems = problems;
    }

    /**
     * Empty, with the problem noted, where the file can't be read.
     *
     * @param firstLine what such a file may begin with
     * @param included whether another file names it, and no option
     */
    static Optional<YamlFile> read(Path file, String firstLine, boolean included, Problems problems) {
        String reason;
        try {
            if (Files.isDirectory(file)) {
                reason = "is a directory";
            } else if (Files.size(file) > LARGEST) {
                reason = "is larger than " + (LARGEST >> 20) + " MiB";
            } else {
                return Optional.of(new YamlFile(Files.readAllBytes(file), firstLine, problems));
            }
        } catch (NoSuchFileException e) {
            reason = "does not exist";
        } catch (AccessDeniedException e) {
            reason = "may not be read by this user";
        } catch (IOException e) {
            reason = "can't be read: " + e.getMessage();
        }
        problems.add(
                1,
                1,
                "",
                (included ? "the included file " : "the configuration file ") + reason,
                included
                        ? "a file that the user of Keyturn may read, or an include that does not match it"
                        : "for example --config /etc/keyturn/keyturn.yaml");
        return Optional.empty();
    }

    byte[] bytes() {
        return bytes;
    }

    /** Takes the entries of one long section, one by one, while the file is read. */
    interface Taker {
        /** @param root as far as it was read, without the section */
        void take(Value root, Value section, NodeTuple entry);
    }

    /**
     * The document's root; empty, with the problem noted, where the file holds no single YAML document: what was taken
     * until then counts for nothing.
     *
     * @param keys of the root
     * @param section whose entries are taken; it has some in the root too only where they could not be
     */
    Optional<Value> root(Keys keys, String section, Taker taker) {
        EntryComposer.Taker nodes =
                (root, its, entry) -> taker.take(value(root), value(root).entry(its, keys), entry);
        return isText() ? compose(section, nodes).map(this::value) : Optional.empty();
    }

    private Value value(Node root) {
        return Value.root(root, "for example version: 1", problems);
    }

    private Optional<Node> compose(String section, EntryComposer.Taker taker) {
        LoadSettings settings = LoadSettings.builder()
                // Every scalar stays text; PlainScalar decides what it is when it is asked for.
                .setSchema(new FailsafeSchema())
                // Both are found, with better words, where the keys are known.
                .setAllowDuplicateKeys(true)
                .setAllowNonScalarKeys(true)
                .setMaxAliasesForCollections(Integer.MAX_VALUE)
                .setCodePointLimit(Integer.MAX_VALUE)
                .build();
        try {
            WatchedParser parser =
                    new WatchedParser(settings, new StreamReader(settings, withRoom(reader(bytes.length))));
            Optional<Node> root = new EntryComposer(settings, parser, section, taker).getSingleNode();
            if (root.isEmpty()) {
                problems.add(1, 1, "", "the file is empty", start);
            }
            return root;
        } catch (ReaderException e) {
            Position at = position(e.getPosition());
            problems.clear();
            problems.add(
                    at.line(), at.column(), "", "a control character that YAML does not allow", "delete the character");
        } catch (MarkedYamlEngineException e) {
            Mark mark = e.getProblemMark().or(e::getContextMark).orElseThrow();
            problems.clear();
            problems.add(mark, "", YamlSyntax.explain(e), YamlSyntax.EXAMPLE);
        } catch (YamlEngineException e) {
            problems.clear();
            problems.add(1, 1, "", "this is not YAML", start);
        }
        return Optional.empty();
    }

    private boolean isText() {
        if (startsWith(0xFE, 0xFF) || startsWith(0xFF, 0xFE)) {
            problems.add(1, 1, "", "the file is UTF-16; it must be UTF-8", "for example iconv -f UTF-16 -t UTF-8");
            return false;
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes, textStart(), bytes.length - textStart());
        CharBuffer out = CharBuffer.allocate(8192);
        CoderResult result;
        do {
            out.clear();
            result = decoder.decode(in, out, true);
        } while (result.isOverflow());
        if (result.isError()) {
            // The decoder stops in front of the malformed bytes.
            Position at = position(in.position(), Integer.MAX_VALUE);
            problems.add(
                    at.line(), at.column(), "", "bytes that are not UTF-8", "for example iconv -f ISO-8859-1 -t UTF-8");
        }
        return !result.isError();
    }

    private int textStart() {
        return startsWith(0xEF, 0xBB, 0xBF) ? 3 : 0;
    }

    /**
     * Leaves a place free behind each piece that is read: the engine, where a piece ends between the two halves of a
     * character, puts the other half there without asking whether there is one.
     */
    private static Reader withRoom(Reader text) {
        return new FilterReader(text) {
            @Override
            public int read(char[] piece, int start, int length) throws IOException {
                return super.read(piece, start, length > 1 ? length - 1 : length);
            }
        };
    }

    private Reader reader(int end) {
        int from = textStart();
        return new InputStreamReader(new ByteArrayInputStream(bytes, from, end - from), StandardCharsets.UTF_8);
    }

    private boolean startsWith(int... mark) {
        return bytes.length >= mark.length
                && Arrays.equals(
                        Arrays.copyOf(bytes, mark.length),
                        new String(mark, 0, mark.length).getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Line and column, from 1, of the character behind so many others. */
    private Position position(int characters) {
        return position(bytes.length, characters);
    }

    /** The same, but in front of a byte at the latest. */
    private Position position(int endByte, int characters) {
        int line = 1;
        int column = 1;
        try (Reader text = reader(endByte)) {
            int c = text.read();
            for (int passed = 0; c >= 0 && passed < characters; c = text.read()) {
                // Of a surrogate pair only the first half counts.
                if (!Character.isLowSurrogate((char) c)) {
                    passed++;
                    column++;
                }
                if (c == '\n') {
                    line++;
                    column = 1;
                }
            }
            return new Position(line, column);
        } catch (IOException e) {
            throw new UncheckedIOException("bytes in memory can be read", e);
        }
    }

    private record Position(int line, int column) {}
}
