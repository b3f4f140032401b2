package dev.keyturn.config;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.ParserException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Composes the document's tree, but for one long section right below its root: each of its entries is handed out as soon as
 * it was read, and forgotten. A fleet's tree takes forty times the memory of its text.
 */
final class EntryComposer extends Composer {
    private static final int ROOT = 1;
    private static final int SECTION = 2;
    private static final long MOST_NODES = 5_000_000;
    private static final long UNDER_WAY = -1;

    private final WatchedParser watched;
    private final String section;
    private final Taker taker;
    /** Of the nodes with an anchor, the only ones that can be met twice. */
    private final IdentityHashMap<Node, Long> sizes = new IdentityHashMap<>();

    private @Nullable MappingNode root;
    private @Nullable Node rootKey;
    private @Nullable Node sectionKey;
    private long taken;

    /** Takes the section's entries. */
    interface Taker {
        /**
         * @param root as far as it was read, without the section
         * @param section its key, and its value without entries
         */
        void take(MappingNode root, NodeTuple section, NodeTuple entry);
    }

    EntryComposer(LoadSettings settings, WatchedParser parser, String section, Taker taker) {
        super(settings, parser);
        this.watched = parser;
        this.section = section;
        this.taker = taker;
    }

    /**
     * The document's root, whose section has the entries only where they could not be handed out; empty where there is no
     * document.
     *
     * @throws ParserException also where aliases make it more than any machine holds, or one stands for itself
     */
    @Override
    public Optional<Node> getSingleNode() {
        Optional<Node> document = super.getSingleNode();
        if (document.isPresent() && watched.sawAlias() && taken + expandedSize(document.get()) > MOST_NODES) {
            throw new ParserException(YamlSyntax.TOO_MUCH, document.get().getStartMark());
        }
        return document;
    }

    @Override
    protected Node composeKeyNode(MappingNode mapping) {
        boolean ofRoot = watched.depth() == ROOT;
        Node key = super.composeKeyNode(mapping);
        if (ofRoot) {
            root = mapping;
            rootKey = key;
            if (sectionKey == null && isSectionKey(key)) {
                sectionKey = key;
            }
        }
        return key;
    }

    @Override
    protected void composeMappingChildren(List<NodeTuple> children, MappingNode mapping) {
        MappingNode above = root;
        Node key = rootKey;
        if (above == null || key == null || watched.depth() != SECTION || !isHandedOut(above, key, mapping)) {
            super.composeMappingChildren(children, mapping);
            return;
        }
        List<NodeTuple> one = new ArrayList<>(1);
        long before = watched.nodes();
        super.composeMappingChildren(one, mapping);
        taken += size(one.get(0), watched.nodes() - before);
        taker.take(above, new NodeTuple(key, mapping), one.get(0));
    }

    /** An anchor's node is needed as a whole; a tag, and a section that is there twice, are refused as a whole. */
    private boolean isHandedOut(MappingNode above, Node key, MappingNode mapping) {
        return key.equals(sectionKey) && isPlain(above) && isPlain(mapping);
    }

    private boolean isSectionKey(Node key) {
        return key instanceof ScalarNode scalar
                && scalar.getValue().equals(section)
                && key.getTag().equals(Tag.STR);
    }

    private static boolean isPlain(Node node) {
        return node.getAnchor().isEmpty() && node.getTag().equals(Tag.MAP);
    }

    private long size(NodeTuple entry, long written) {
        return watched.sawAlias() ? expandedSize(entry.getKeyNode()) + expandedSize(entry.getValueNode()) : written;
    }

    /** Nodes below and including this one, each alias counted as what it stands for. */
    private long expandedSize(Node node) {
        boolean shared = node.getAnchor().isPresent();
        Long before = shared ? sizes.putIfAbsent(node, UNDER_WAY) : null;
        if (before != null) {
            if (before == UNDER_WAY) {
                throw new ParserException(YamlSyntax.CIRCLE, node.getStartMark());
            }
            return before;
        }
        long size = 1;
        for (Node child : children(node)) {
            size += expandedSize(child);
            if (size > MOST_NODES) {
                throw new ParserException(YamlSyntax.TOO_MUCH, node.getStartMark());
            }
        }
        if (shared) {
            sizes.put(node, size);
        }
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
}
