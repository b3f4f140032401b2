package dev.keyturn.store;

import dev.keyturn.rotation.Account;
import dev.keyturn.rotation.Refusals;
import java.sql.SQLException;
import java.util.Optional;

/** The logins that a host refused in a row, by account. Every method runs inside a transaction. */
final class RefusalTable {
    private static final String OF_ACCOUNT = " WHERE hostname = ? AND port = ? AND login = ?";

    private final Database database;

    RefusalTable(Database database) {
        this.database = database;
    }

    Optional<Refusals> find(Account account) throws SQLException {
        return database.find(
                "SELECT in_a_row, last_at FROM refused_login" + OF_ACCOUNT,
                row -> new Refusals(row.number("in_a_row"), row.instant("last_at")),
                account.hostname(),
                account.port(),
                account.user());
    }

    void put(Account account, Refusals refusals) throws SQLException {
        database.update(
                """
                INSERT INTO refused_login (hostname, port, login, in_a_row, last_at) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (hostname, port, login)
                DO UPDATE SET in_a_row = excluded.in_a_row, last_at = excluded.last_at""",
                account.hostname(),
                account.port(),
                account.user(),
                refusals.inARow(),
                refusals.lastAt().toString());
    }

    void remove(Account account) throws SQLException {
        database.update("DELETE FROM refused_login" + OF_ACCOUNT, account.hostname(), account.port(), account.user());
    }
}
