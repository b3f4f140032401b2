package dev.keyturn.cli;

import dev.keyturn.config.NotifySection;
import dev.keyturn.notify.BodyFormat;
import dev.keyturn.notify.NotifySettings;
import dev.keyturn.notify.NotifySettings.Encryption;
import java.util.ArrayList;
import java.util.List;

/** From the configuration's {@code notify} to what {@code dev.keyturn.notify} takes. */
final class Notifying {
    private Notifying() {}

    static NotifySettings settings(NotifySection section) {
        List<NotifySettings.Webhook> webhooks = new ArrayList<>();
        section.webhooks()
                .forEach(webhook -> webhooks.add(new NotifySettings.Webhook(
                        "notify.webhooks[" + webhooks.size() + "]",
                        webhook.url(),
                        webhook.secret(),
                        webhook.events(),
                        BodyFormat.valueOf(webhook.format().name()),
                        webhook.caFile(),
                        webhook.proxy(),
                        webhook.timeout())));
        List<NotifySettings.Mail> mail = new ArrayList<>();
        section.email()
                .forEach(email -> mail.add(new NotifySettings.Mail(
                        "notify.email[" + mail.size() + "]",
                        smtp(email.smtp()),
                        email.from(),
                        email.to(),
                        email.events(),
                        email.timeout())));
        return new NotifySettings(
                webhooks, mail, section.digest().after(), section.digest().every(), section.repeat());
    }

    private static NotifySettings.Smtp smtp(NotifySection.Smtp smtp) {
        return new NotifySettings.Smtp(
                smtp.host(),
                smtp.port(),
                Encryption.valueOf(smtp.tls().name()),
                smtp.login().map(login -> new NotifySettings.Login(login.user(), login.password())),
                smtp.caFile());
    }
}
