package dev.keyturn.endtoend;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.keyturn.sandbox.StandInCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.helper.SimpleMessageListener;
import org.subethamail.smtp.server.SMTPServer;

/** What notices arrive at: a webhook's listener, the same over TLS, and a mail server that wants a login. */
final class Mailboxes implements AutoCloseable {
    static final String MAIL_PASSWORD = "canary-mail-password-of-the-test";

    private final HttpServer plain;
    private final HttpsServer secure;
    private final SMTPServer mail;
    private final List<Posted> posted = new CopyOnWriteArrayList<>();
    private final List<Posted> postedOverTls = new CopyOnWriteArrayList<>();
    private final List<String> mails = new CopyOnWriteArrayList<>();

    /** A request as it came. */
    record Posted(String id, String timestamp, String signature, String body) {}

    Mailboxes(StandInCertificate certificate) throws IOException {
        InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        plain = HttpServer.create(anywhere, 0);
        plain.createContext("/hook", exchange -> take(exchange, posted));
        plain.start();
        secure = HttpsServer.create(anywhere, 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(certificate.context()));
        secure.createContext("/hook", exchange -> take(exchange, postedOverTls));
        secure.start();
        mail = SMTPServer.port(0)
                .bindAddress(InetAddress.getLoopbackAddress())
                .hostName("localhost")
                .authenticationHandlerFactory(new EasyAuthenticationHandlerFactory((user, password, context) -> {
                    if (!user.equals("keyturn") || !password.equals(MAIL_PASSWORD)) {
                        throw new LoginFailedException();
                    }
                }))
                .requireAuth()
                .simpleMessageListener(new SimpleMessageListener() {
                    @Override
                    public boolean accept(String from, String recipient) {
                        return true;
                    }

                    @Override
                    public void deliver(String from, String recipient, InputStream data) throws IOException {
                        mails.add(new String(data.readAllBytes(), StandardCharsets.UTF_8));
                    }
                })
                .build();
        mail.start();
    }

    private static void take(HttpExchange exchange, List<Posted> arrived) throws IOException {
        arrived.add(new Posted(
                exchange.getRequestHeaders().getFirst("webhook-id"),
                exchange.getRequestHeaders().getFirst("webhook-timestamp"),
                exchange.getRequestHeaders().getFirst("webhook-signature"),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        exchange.sendResponseHeaders(204, -1);
        exchange.close();
    }

    String url() {
        return "http://127.0.0.1:" + plain.getAddress().getPort() + "/hook";
    }

    String secureUrl() {
        return "https://127.0.0.1:" + secure.getAddress().getPort() + "/hook";
    }

    int mailPort() {
        return mail.getPortAllocated();
    }

    List<Posted> posted() {
        return posted;
    }

    List<Posted> postedOverTls() {
        return postedOverTls;
    }

    List<String> mails() {
        return mails;
    }

    /** Everything that arrived. */
    byte[] all() {
        return (posted + "\n" + postedOverTls + "\n" + mails).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        plain.stop(0);
        secure.stop(0);
        mail.stop();
    }
}
