package dev.keyturn.notify;

import dev.keyturn.rotation.Notice;
import dev.keyturn.rotation.Notices;
import dev.keyturn.rotation.Sleeper;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Tells each fact once, over every channel that wants it. Thread-safe. */
public final class Notifier implements Notices, AutoCloseable {
    /** How long the end of the process waits for what is still to be delivered. */
    public static final Duration DRAIN = Duration.ofSeconds(10);

    /** One file for many changes; a process that is killed in between tells them again. */
    private static final Duration SAVE_AFTER = Duration.ofSeconds(1);

    private final Ledger ledger;
    private final LedgerFile file;
    private final List<Outbox> outboxes = new ArrayList<>();
    private final AtomicBoolean unsaved = new AtomicBoolean();
    private boolean closed;
    private final Duration drain;

    /**
     * @param node this machine's name
     * @param ledger the file that remembers over restarts what was told
     * @param drain how long {@link #close} waits
     */
    public Notifier(NotifySettings settings, String node, Path ledger, Clock clock, Sleeper sleeper, Duration drain) {
        this.file = new LedgerFile(ledger);
        this.ledger = new Ledger(settings.repeat(), file.read());
        this.drain = drain;
        Wording wording = new Wording(node);
        settings.webhooks()
                .forEach(webhook -> outboxes.add(new Outbox(
                        new WebhookChannel(webhook, clock),
                        webhook.events(),
                        new Digest(settings.after(), settings.every()),
                        wording,
                        clock,
                        sleeper)));
        settings.mail()
                .forEach(mail -> outboxes.add(new Outbox(
                        new MailChannel(mail, node),
                        mail.events(),
                        new Digest(settings.after(), settings.every()),
                        wording,
                        clock,
                        sleeper)));
        outboxes.forEach(Outbox::start);
    }

    @Override
    public void raise(Notice notice) {
        if (ledger.tell(notice)) {
            List<Outbox> wanting =
                    outboxes.stream().filter(outbox -> outbox.wants(notice)).toList();
            long full = wanting.stream().filter(outbox -> !outbox.offer(notice)).count();
            if (!wanting.isEmpty() && full == wanting.size()) {
                // Told to nobody: while it holds it is raised again, and there may be room then.
                ledger.forget(notice);
            }
            saveSoon();
        }
    }

    @Override
    public void over(Set<Notice.Kind> troubles, Notice recovered) {
        Ledger.End end = ledger.over(troubles, recovered);
        if (end == Ledger.End.TOLD) {
            outboxes.stream().filter(outbox -> outbox.wants(recovered)).forEach(outbox -> outbox.offer(recovered));
        }
        if (end != Ledger.End.UNKNOWN) {
            saveSoon();
        }
    }

    private void saveSoon() {
        if (unsaved.compareAndSet(false, true)) {
            CompletableFuture.delayedExecutor(SAVE_AFTER.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(this::saveUnlessClosed);
        }
    }

    private synchronized void saveUnlessClosed() {
        if (!closed) {
            save();
        }
    }

    private void save() {
        unsaved.set(false);
        file.write(ledger.entries());
    }

    /** Delivers what is left, as far as that is possible within the time for it. */
    @Override
    public void close() {
        outboxes.forEach(Outbox::close);
        long end = System.nanoTime() + drain.toNanos();
        try {
            for (Outbox outbox : outboxes) {
                outbox.await(Duration.ofNanos(end - System.nanoTime())).forEach(ledger::forget);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            closed = true;
            save();
        }
    }
}
