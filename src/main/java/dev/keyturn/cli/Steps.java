package dev.keyturn.cli;

import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.Progress;
import dev.keyturn.rotation.Step;
import java.io.PrintStream;

/** Shows each step as it happens: with marks and colours on a terminal, as plain lines elsewhere. Thread-safe. */
final class Steps implements Progress {
    private static final String GREEN = "\u001b[32m";
    private static final String RED = "\u001b[31m";
    private static final String DIM = "\u001b[2m";
    private static final String PLAIN = "\u001b[0m";
    private static final String ERASE_LINE = "\r\u001b[K";

    private final PrintStream out;
    private final boolean terminal;
    private final boolean coloured;
    private final boolean alone;

    /** @param alone whether only one credential is worked on, so that a running step can be shown in place */
    Steps(Surroundings surroundings, boolean alone) {
        this.out = surroundings.out();
        this.terminal = surroundings.terminal();
        this.coloured = surroundings.coloured();
        this.alone = alone;
    }

    @Override
    public synchronized void began(ManagedCredential credential, Step step) {
        if (terminal && alone) {
            out.print(ERASE_LINE + paint(DIM, line("…", credential, step, "")));
            out.flush();
        }
    }

    @Override
    public synchronized void done(ManagedCredential credential, Step step, String detail) {
        show(terminal ? paint(GREEN, "✓") : "ok", credential, step, detail);
    }

    @Override
    public synchronized void failed(ManagedCredential credential, Step step, String message) {
        show(terminal ? paint(RED, "✗") : "FAILED", credential, step, message);
    }

    @Override
    public synchronized void notKnown(ManagedCredential credential, Step step, String message) {
        show(terminal ? "?" : "not known", credential, step, message);
    }

    private void show(String mark, ManagedCredential credential, Step step, String detail) {
        out.println((terminal && alone ? ERASE_LINE : "") + line(mark, credential, step, detail));
    }

    private String line(String mark, ManagedCredential credential, Step step, String detail) {
        return terminal
                ? String.format("  %s %s  %-9s  %s", mark, credential.name(), step.label(), detail)
                : credential.name() + ": " + step.label() + ": " + mark + (detail.isEmpty() ? "" : ": " + detail);
    }

    private String paint(String colour, String text) {
        return coloured ? colour + text + PLAIN : text;
    }
}
