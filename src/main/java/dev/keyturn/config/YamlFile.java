package dev.keyturn.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ParserException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/** A file's bytes, and the one YAML document in it as a tree of nodes. */
final class YamlFile {
    private static final int LARGEST = 64 << 20;
    private static final long MOST_NODES = 5_000_000;

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
     */
    static Optional<YamlFile> read(Path file, String firstLine, Problems problems) {
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
        problems.add(1, 1, "", "the configuration file " + reason, "for example --config /etc/keyturn/keyturn.yaml");
        return Optional.empty();
    }

    byte[] bytes() {
        return bytes;
    }

    /** The document's root; empty, with the problem noted, where the file holds no single YAML document. */
    Optional<Value> root() {
        return text().flatMap(this::compose).map(node -> Value.root(node, "for example version: 1", problems));
    }

    private Optional<Node> compose(String text) {
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
            WatchedParser parser = new WatchedParser(settings, new StreamReader(settings, text));
            Optional<Node> root = new Composer(settings, parser).getSingleNode();
            if (root.isEmpty()) {
                problems.add(1, 1, "", "the file is empty", start);
            } else if (parser.sawAlias()) {
                expandedSize(root.get(), new IdentityHashMap<>());
            }
            return root;
        } catch (ReaderException e) {
            Position at = Position.of(text, e.getPosition());
            problems.add(
                    at.line(), at.column(), "", "a control character that YAML does not allow", "delete the character");
        } catch (MarkedYamlEngineException e) {
            Mark mark = e.getProblemMark().or(e::getContextMark).orElseThrow();
            problems.add(mark, "", YamlSyntax.explain(e), YamlSyntax.EXAMPLE);
        } catch (YamlEngineException e) {
            problems.add(1, 1, "", "this is not YAML", start);
        }
        return Optional.empty();
    }

    private Optional<String> text() {
        int start = startsWith(0xEF, 0xBB, 0xBF) ? 3 : 0;
        if (startsWith(0xFE, 0xFF) || startsWith(0xFF, 0xFE)) {
            problems.add(1, 1, "", "the file is UTF-16; it must be UTF-8", "for example iconv -f UTF-16 -t UTF-8");
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes, start, bytes.length - start);
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(in).toString());
        } catch (CharacterCodingException e) {
            // The decoder stops in front of the malformed bytes.
            String before = new String(bytes, start, in.position() - start, StandardCharsets.UTF_8);
            Position at = Position.of(before, before.codePointCount(0, before.length()));
            problems.add(
                    at.line(), at.column(), "", "bytes that are not UTF-8", "for example iconv -f ISO-8859-1 -t UTF-8");
            return Optional.empty();
        }
    }

    private boolean startsWith(int... mark) {
        return bytes.length >= mark.length
                && Arrays.equals(
                        Arrays.copyOf(bytes, mark.length),
                        new String(mark, 0, mark.length).getBytes(StandardCharsets.ISO_8859_1));
    }

    private static final long UNDER_WAY = -1;

    /**
     * Nodes below and including this one, each alias counted as what it stands for.
     *
     * @throws ParserException where they are more than any machine holds, or one stands for itself
     */
    private static long expandedSize(Node node, Map<Node, Long> known) {
        Long before = known.putIfAbsent(node, UNDER_WAY);
        if (before != null) {
            if (before == UNDER_WAY) {
                throw new ParserException(YamlSyntax.CIRCLE, node.getStartMark());
            }
            return before;
        }
        long size = 1;
        for (Node child : children(node)) {
            size += expandedSize(child, known);
            if (size > MOST_NODES) {
                throw new ParserException(YamlSyntax.TOO_MUCH, node.getStartMark());
            }
        }
        known.put(node, size);
        return size;
    }

    private static Iterable<Node> children(Node node) {
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        if (node instanceof MappingNode mapping) {
            return mapping.getValue().stream()
                    .flatMap(tuple -> Stream.of(tuple.getKeyNode(), tuple.getValueNode()))
                    .toList();
        }
        return List.of();
    }

    /** Line and column, from 1, of the character at a position. */
    private record Position(int line, int column) {
        static Position of(String text, int codePoints) {
            int end = text.offsetByCodePoints(0, Math.min(codePoints, text.codePointCount(0, text.length())));
            int lineStart = text.lastIndexOf('\n', end - 1) + 1;
            int line =
                    (int) text.substring(0, end).chars().filter(c -> c == '\n').count() + 1;
            return new Position(line, text.codePointCount(lineStart, end) + 1);
        }
    }
}
