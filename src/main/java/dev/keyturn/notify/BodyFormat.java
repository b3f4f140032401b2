package dev.keyturn.notify;

import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The shape of a webhook's body. */
public enum BodyFormat {
    /** The payload that Standard Webhooks recommends: {@code type}, {@code timestamp}, {@code data}. */
    JSON {
        @Override
        ObjectNode tree(Message message) {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            body.put("type", message.type());
            body.put("timestamp", message.at().toString());
            body.set("data", message.data());
            return body;
        }
    },
    /** {@code {"text": ...}}, which Slack takes, and Mattermost, Rocket.Chat and Google Chat too. */
    SLACK {
        @Override
        ObjectNode tree(Message message) {
            // Slack reads <!channel> and <URL> as commands (docs.slack.dev, "Formatting message text").
            String text =
                    message.text().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
            return JsonNodeFactory.instance.objectNode().put("text", text);
        }
    },
    /** An Adaptive Card, as the webhooks of Microsoft Teams' Workflows take it. */
    TEAMS {
        @Override
        ObjectNode tree(Message message) {
            ObjectNode body = JsonNodeFactory.instance.objectNode().put("type", "message");
            ObjectNode card = body.putArray("attachments")
                    .addObject()
                    .put("contentType", "application/vnd.microsoft.card.adaptive")
                    .putObject("content")
                    .put("type", "AdaptiveCard")
                    .put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json")
                    .put("version", "1.4");
            var lines = card.putArray("body");
            message.text()
                    .lines()
                    .forEach(line -> lines.addObject()
                            .put("type", "RichTextBlock")
                            // A TextBlock would read Markdown, links included, out of a host's answer.
                            .putArray("inlines")
                            .addObject()
                            .put("type", "TextRun")
                            .put("text", line));
            return body;
        }
    };

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    abstract ObjectNode tree(Message message);

    /** UTF-8. */
    byte[] body(Message message) {
        return MAPPER.writeValueAsBytes(tree(message));
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
