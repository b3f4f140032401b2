package dev.keyturn.notify;

import dev.keyturn.secret.Secret;
import dev.keyturn.tls.Loopback;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;

/** A webhook's address, which may be a secret: of a chat's, whoever knows it may write there. */
final class WebhookAddress {
    private WebhookAddress() {}

    /** @throws IllegalArgumentException saying why it can't be used, without repeating it */
    static URI of(Secret secret) {
        URI address;
        try {
            address = new URI(new String(secret.expose(), StandardCharsets.UTF_8).strip());
        } catch (URISyntaxException e) {
            throw notAnAddress();
        }
        String scheme = address.getScheme();
        if (scheme == null || address.getHost() == null || address.getRawUserInfo() != null) {
            throw notAnAddress();
        }
        boolean clearText = scheme.equalsIgnoreCase("http");
        if (!clearText && !scheme.equalsIgnoreCase("https")) {
            throw notAnAddress();
        }
        if (clearText && !Loopback.is(address.getHost())) {
            throw new IllegalArgumentException("must begin with https://; http is for loopback only");
        }
        return address;
    }

    private static IllegalArgumentException notAnAddress() {
        return new IllegalArgumentException("is not an address of the form https://HOST[:PORT]/PATH");
    }
}
