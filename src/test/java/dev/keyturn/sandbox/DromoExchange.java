package dev.keyturn.sandbox;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One request on its way through the faults to the honest answer. */
public final class DromoExchange {
    private final DromoRequest request;
    private final DromoRecords records;
    private final Supplier<HttpAnswer> next;

    DromoExchange(DromoRequest request, DromoRecords records, Supplier<HttpAnswer> next) {
        this.request = request;
        this.records = records;
        this.next = next;
    }

    public DromoRequest request() {
        return request;
    }

    /** Lets Dromo do what was asked, changes included, and returns its answer. */
    public HttpAnswer proceed() {
        return next.get();
    }

    /** The credential that the request is about, or null where there is none. */
    @Nullable
    DromoCredential stored() {
        return records.credential(request.credentialId());
    }

    /** That credential as it was before its last change, or null where it never changed. */
    @Nullable
    DromoCredential before() {
        return records.before(request.credentialId());
    }

    void store(DromoCredential credential) {
        records.store(credential);
    }
}
