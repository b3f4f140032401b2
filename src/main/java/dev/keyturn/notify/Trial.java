package dev.keyturn.notify;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One test message over each channel, whatever events it wants, without repetitions. */
public final class Trial {
    private Trial() {}

    /** @param problem empty where the other side took the message */
    public record Result(String channel, Optional<String> problem) {}

    /** In the order of the configuration; takes at most the timeouts of all channels. */
    public static List<Result> run(NotifySettings settings, String node, Clock clock) throws InterruptedException {
        List<Channel> channels = new ArrayList<>();
        settings.webhooks().forEach(webhook -> channels.add(new WebhookChannel(webhook, clock)));
        settings.mail().forEach(mail -> channels.add(new MailChannel(mail, node)));
        Wording wording = new Wording(node);
        List<Result> results = new ArrayList<>();
        for (Channel channel : channels) {
            results.add(new Result(channel.name(), problem(channel, wording.test(clock.instant()))));
        }
        return results;
    }

    private static Optional<String> problem(Channel channel, Message message) throws InterruptedException {
        try {
            channel.deliver(message);
            return Optional.empty();
        } catch (DeliveryException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
