package dev.keyturn.notify;

import dev.keyturn.notify.NotifySettings.Encryption;
import dev.keyturn.notify.NotifySettings.Smtp;
import dev.keyturn.secret.Secret;
import dev.keyturn.secret.SecretUnavailableException;
import dev.keyturn.tls.Trust;
import jakarta.mail.Address;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;

/** Mails each message as plain text. */
final class MailChannel implements Channel {
    private final NotifySettings.Mail settings;
    private final String node;

    /** @param node this machine's name, for EHLO and message ids */
    MailChannel(NotifySettings.Mail settings, String node) {
        this.settings = settings;
        this.node = node;
    }

    @Override
    public String name() {
        return settings.name() + " (" + settings.smtp().host() + ":"
                + settings.smtp().port() + ")";
    }

    @Override
    public void deliver(Message message) throws DeliveryException {
        if (settings.smtp().login().isEmpty()) {
            try (Echo echo = new Echo()) {
                deliver(message, Optional.empty(), echo);
            }
            return;
        }
        NotifySettings.Login login = settings.smtp().login().get();
        try (Secret password = login.password().load();
                Echo echo = new Echo(login.user(), password)) {
            deliver(message, Optional.of(password), echo);
        } catch (SecretUnavailableException e) {
            throw DeliveryException.unreached(String.valueOf(e.getMessage()));
        }
    }

    private void deliver(Message message, Optional<Secret> password, Echo echo) throws DeliveryException {
        Smtp smtp = settings.smtp();
        SSLContext tls = tls();
        boolean implicit = smtp.encryption() == Encryption.IMPLICIT;
        MailSockets sockets = new MailSockets(implicit ? tls.getSocketFactory() : SocketFactory.getDefault());
        Properties properties = properties(smtp);
        properties.put("mail.smtp.socketFactory", sockets);
        properties.put("mail.smtp.ssl.socketFactory", implicit ? sockets : tls.getSocketFactory());
        CompletableFuture<Void> cut = CompletableFuture.runAsync(
                sockets::cut,
                CompletableFuture.delayedExecutor(settings.timeout().toMillis(), TimeUnit.MILLISECONDS));
        try {
            send(message, Session.getInstance(properties), password);
        } catch (MessagingException e) {
            throw cut.isDone()
                    ? DeliveryException.unreached(
                            "not done within " + settings.timeout().toSeconds() + " s")
                    : MailFailures.explain(e, echo);
        } finally {
            cut.cancel(false);
            sockets.cut();
        }
    }

    private void send(Message message, Session session, Optional<Secret> password) throws MessagingException {
        List<Address> to = new ArrayList<>();
        for (String recipient : settings.to()) {
            to.add(new InternetAddress(recipient, true));
        }
        Address[] recipients = to.toArray(Address[]::new);
        MimeMessage mail = mail(message, session, recipients);
        try (Transport transport = session.getTransport("smtp")) {
            connect(transport, password);
            transport.sendMessage(mail, recipients);
        }
    }

    /** The mail library takes a password as a String only. */
    private void connect(Transport transport, Optional<Secret> password) throws MessagingException {
        Smtp smtp = settings.smtp();
        transport.connect(
                smtp.host(),
                smtp.port(),
                smtp.login().map(NotifySettings.Login::user).orElse(null),
                password.map(it -> new String(it.expose(), StandardCharsets.UTF_8))
                        .orElse(null));
    }

    private MimeMessage mail(Message message, Session session, Address[] recipients) throws MessagingException {
        MimeMessage mail = new MimeMessage(session) {
            @Override
            protected void updateMessageID() throws MessagingException {
                setHeader("Message-ID", "<" + message.id() + "@" + node + ">");
            }
        };
        mail.setFrom(new InternetAddress(settings.from(), true));
        mail.setRecipients(RecipientType.TO, recipients);
        mail.setSubject(message.subject(), "UTF-8");
        mail.setSentDate(Date.from(message.at()));
        // RFC 3834: nobody's absence is to answer it.
        mail.setHeader("Auto-Submitted", "auto-generated");
        mail.setText(message.text().replace("\n", "\r\n"), "UTF-8");
        mail.saveChanges();
        return mail;
    }

    private SSLContext tls() throws DeliveryException {
        try {
            return Trust.context(settings.smtp().caFile());
        } catch (IOException e) {
            throw DeliveryException.refused(
                    "ca_file " + settings.smtp().caFile().map(Object::toString).orElse("") + ": " + e.getMessage());
        }
    }

    private Properties properties(Smtp smtp) {
        String timeout = String.valueOf(settings.timeout().toMillis());
        Properties properties = new Properties();
        properties.put("mail.smtp.localhost", node);
        properties.put("mail.smtp.connectiontimeout", timeout);
        properties.put("mail.smtp.timeout", timeout);
        properties.put("mail.smtp.writetimeout", timeout);
        properties.put("mail.smtp.auth", String.valueOf(smtp.login().isPresent()));
        properties.put("mail.smtp.ssl.enable", String.valueOf(smtp.encryption() == Encryption.IMPLICIT));
        properties.put("mail.smtp.starttls.enable", String.valueOf(smtp.encryption() == Encryption.STARTTLS));
        properties.put("mail.smtp.starttls.required", String.valueOf(smtp.encryption() == Encryption.STARTTLS));
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        // Else a connection that fails is tried again past our sockets.
        properties.put("mail.smtp.socketFactory.fallback", "false");
        properties.put("mail.smtp.ssl.socketFactory.fallback", "false");
        return properties;
    }
}
