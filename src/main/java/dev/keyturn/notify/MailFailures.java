package dev.keyturn.notify;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import javax.net.ssl.SSLException;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jspecify.annotations.Nullable;

/** Reads the mail library's exceptions, which are chained in two ways. */
final class MailFailures {
    private static final int PERMANENT = 5;

    private MailFailures() {}

    /** @param echo knows what the server must not be quoted with */
    static DeliveryException explain(MessagingException e, Echo echo) {
        String said = PlainText.clip(PlainText.line(echo.mask(text(e))), 300);
        if (e instanceof AuthenticationFailedException) {
            return DeliveryException.refused("the login was refused: " + said);
        }
        if (hasTlsCause(e)) {
            return DeliveryException.refused("TLS failed: " + said);
        }
        int reply = reply(e);
        return reply / 100 == PERMANENT
                ? DeliveryException.refused("the server refused the mail: " + said)
                : DeliveryException.unreached(said);
    }

    private static String text(MessagingException e) {
        StringBuilder text = new StringBuilder();
        for (Throwable cause = e; cause != null; cause = next(cause)) {
            String message = cause.getMessage();
            if (message != null && text.indexOf(message) < 0) {
                text.append(text.isEmpty() ? "" : ": ").append(message);
            }
        }
        return text.toString();
    }

    private static boolean hasTlsCause(MessagingException e) {
        for (Throwable cause = e; cause != null; cause = next(cause)) {
            // The library reports a server without STARTTLS by its words alone.
            boolean lacksStartTls =
                    cause.getMessage() != null && cause.getMessage().contains("STARTTLS is required");
            if (cause instanceof SSLException || lacksStartTls) {
                return true;
            }
        }
        return false;
    }

    /** The server's reply code (RFC 5321, section 4.2.1); 0 where it gave none. */
    private static int reply(MessagingException e) {
        for (Throwable cause = e; cause != null; cause = next(cause)) {
            if (cause instanceof SMTPAddressFailedException failed) {
                return failed.getReturnCode();
            }
            if (cause instanceof SMTPSenderFailedException failed) {
                return failed.getReturnCode();
            }
            if (cause instanceof SMTPSendFailedException failed && failed.getNextException() == null) {
                return failed.getReturnCode();
            }
        }
        return 0;
    }

    private static @Nullable Throwable next(Throwable cause) {
        Throwable next = cause instanceof MessagingException mail ? mail.getNextException() : null;
        return next == null ? cause.getCause() : next;
    }
}
