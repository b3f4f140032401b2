package dev.keyturn.config;

import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.ParserException;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** A parser that refuses deep nesting, at which the engine's recursive composer would run out of stack. */
final class WatchedParser implements Parser {
    private static final int DEEPEST = 50;

    private final Parser parser;
    private int depth;
    private long nodes;
    private boolean alias;

    WatchedParser(LoadSettings settings, StreamReader reader) {
        this.parser = new ParserImpl(settings, reader);
    }

    /** Whether an alias came by so far. */
    boolean sawAlias() {
        return alias;
    }

    /** How many mappings and sequences are open. */
    int depth() {
        return depth;
    }

    /** How many nodes came by so far, aliases included. */
    long nodes() {
        return nodes;
    }

    @Override
    public boolean checkEvent(Event.ID choice) {
        return parser.checkEvent(choice);
    }

    @Override
    public Event peekEvent() {
        return parser.peekEvent();
    }

    @Override
    public boolean hasNext() {
        return parser.hasNext();
    }

    @Override
    public Event next() {
        Event event = parser.next();
        switch (event.getEventId()) {
            case MappingStart, SequenceStart -> {
                depth++;
                nodes++;
            }
            case MappingEnd, SequenceEnd -> depth--;
            case Alias -> {
                alias = true;
                nodes++;
            }
            case Scalar -> nodes++;
            default -> {}
        }
        if (depth > DEEPEST) {
            throw new ParserException(YamlSyntax.TOO_DEEP, event.getStartMark());
        }
        return event;
    }
}
