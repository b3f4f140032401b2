package dev.keyturn.config;

import dev.keyturn.secret.Secret;
import dev.keyturn.secret.SecretSource;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A web address that stands in the configuration, where a reference to a secret one could stand too. */
record OpenAddress(URI address) implements SecretSource {
    @Override
    public Secret load() {
        return Secret.takeOver(address.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Without path and query: whoever wrote the file may have taken them for harmless. */
    @Override
    public String describe() {
        return address.getScheme() + "://" + address.getRawAuthority();
    }
}
