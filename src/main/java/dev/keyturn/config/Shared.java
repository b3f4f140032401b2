package dev.keyturn.config;

import dev.keyturn.rotation.Account;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One of all that are equal: thousands of credentials have a few hundred hosts, and their labels a few values. */
final class Shared {
    private final Map<Object, Object> known = new HashMap<>();

    /** @param value that is never changed */
    @SuppressWarnings("unchecked") // equal objects of a record or of Optional are of the same type
    <T> T one(T value) {
        Object first = known.putIfAbsent(value, value);
        return first == null ? value : (T) first;
    }

    /** The account with the one hostname. */
    Account hostOf(Account account) {
        return new Account(one(account.hostname()), account.port(), account.user());
    }

    /** Of the maps that have the same in the same order. */
    @SuppressWarnings("unchecked")
    Map<String, String> inOrder(Map<String, String> map) {
        Object first = known.putIfAbsent(List.copyOf(map.entrySet()), map);
        return first == null ? map : (Map<String, String>) first;
    }
}
