package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keyturn.rotation.Dromo.Connector;
import dev.keyturn.rotation.Dromo.StoredCredential;
import dev.keyturn.rotation.DromoException.Fault;
import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What every {@link Dromo} does, whether it is the service or a fake. Each test starts with an empty one. */
public abstract class DromoContract {
    /** The one under test. */
    protected abstract Dromo dromo() throws Exception;

    /** An account on a host where {@code password} logs in now. */
    protected abstract Account accountWith(String password) throws Exception;

    /** Stores a credential behind the API's back; returns its id. */
    protected abstract String seed(Account account, LoginSecret secret) throws Exception;

    protected abstract void seedConnector(String credentialId, String directory) throws Exception;

    /** A new key pair in OpenSSH's format. */
    protected abstract LoginSecret.KeyPair newKey() throws Exception;

    protected static LoginSecret.Password password(String text) {
        return new LoginSecret.Password(Secret.takeOver(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void showsWhatIsStoredWithoutItsSecret() throws Exception {
        LoginSecret.KeyPair key = newKey();
        Account account = accountWith("any");
        String id = seed(account, key);

        StoredCredential stored = dromo().retrieve(id);

        assertThat(stored)
                .isEqualTo(new StoredCredential(
                        id, account.hostname(), account.port(), account.user(), AuthType.KEY, key.fingerprint()));
    }

    @Test
    void hasNoFingerprintForAPassword() throws Exception {
        String id = seed(accountWith("old"), password("old"));

        assertThat(dromo().retrieve(id).fingerprint()).isEmpty();
        assertThat(dromo().retrieve(id).authType()).isEqualTo(AuthType.PASSWORD);
    }

    @Test
    void showsAfterAPutWhatThePutAnswered() throws Exception {
        LoginSecret.KeyPair replacement = newKey();
        Account account = accountWith("any");
        String id = seed(account, newKey());

        StoredCredential answered = dromo().update(id, account, replacement);

        assertThat(answered.fingerprint()).isEqualTo(replacement.fingerprint());
        assertThat(dromo().retrieve(id)).isEqualTo(answered);
    }

    @Test
    void switchesToAnotherAccountWithTheSamePut() throws Exception {
        Account account = accountWith("old");
        String id = seed(account, password("old"));
        Account other = new Account(account.hostname(), account.port(), account.user() + "_b");

        dromo().update(id, other, password("new"));

        assertThat(dromo().retrieve(id).user()).isEqualTo(other.user());
    }

    @Test
    void logsInWithWhatItHasStored() throws Exception {
        Account account = accountWith("new \"quoted\" \\ pässword\t");
        String id = seed(account, password("old"));

        assertThat(dromo().testConnection(id).success()).isFalse();
        assertThat(dromo().testConnection(id).error()).isNotEmpty();

        dromo().update(id, account, password("new \"quoted\" \\ pässword\t"));

        assertThat(dromo().testConnection(id)).isEqualTo(new Dromo.TestResult(true, Optional.empty()));
    }

    @Test
    void keepsWhatItHasWhereTheNewSecretIsEmpty() throws Exception {
        Account account = accountWith("current");
        String id = seed(account, password("current"));

        DromoException e = catchThrowableOfType(DromoException.class, () -> dromo().update(id, account, password("")));

        assertThat(e.fault()).isEqualTo(Fault.REJECTED);
        assertThat(dromo().testConnection(id).success()).isTrue();
    }

    @Test
    void leavesTheSecretToItsOwner() throws Exception {
        Account account = accountWith("new");
        String id = seed(account, password("old"));
        LoginSecret.Password secret = password("new");

        dromo().update(id, account, secret);

        assertThat(secret.value().expose()).isEqualTo("new".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void saysWhichIdsItDoesNotKnow() throws Exception {
        Account account = accountWith("any");
        String unknown = UUID.randomUUID().toString();

        assertFault(Fault.NOT_FOUND, () -> dromo().retrieve(unknown));
        assertFault(Fault.NOT_FOUND, () -> dromo().update(unknown, account, password("new")));
        assertFault(Fault.NOT_FOUND, () -> dromo().testConnection(unknown));
    }

    @Test
    void listsAllCredentialsAndConnectorsInOrder() throws Exception {
        List<String> ids = new ArrayList<>();
        Account account = accountWith("any");
        for (int i = 0; i < 5; i++) {
            String id = seed(account, password("any"));
            ids.add(id);
            seedConnector(id, "/in/" + i);
        }

        assertThat(dromo().credentials()).extracting(StoredCredential::id).containsExactlyElementsOf(ids);
        assertThat(dromo().connectors()).extracting(Connector::credentialId).containsExactlyElementsOf(ids);
        assertThat(dromo().connectors())
                .extracting(Connector::directory)
                .containsExactly("/in/0", "/in/1", "/in/2", "/in/3", "/in/4");
    }

    @Test
    void listsNothingWhereThereIsNothing() throws Exception {
        assertThat(dromo().credentials()).isEmpty();
        assertThat(dromo().connectors()).isEmpty();
    }

    private static void assertFault(Fault fault, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        DromoException.class, e -> assertThat(e.fault()).isEqualTo(fault));
    }
}
