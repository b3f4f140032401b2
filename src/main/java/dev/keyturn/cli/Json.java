package dev.keyturn.cli;

import dev.keyturn.policy.Durations;
import dev.keyturn.rotation.Account;
import dev.keyturn.rotation.Actor;
import dev.keyturn.rotation.Compromise;
import dev.keyturn.rotation.Connectors;
import dev.keyturn.rotation.CredentialStatus;
import dev.keyturn.rotation.Dromo;
import dev.keyturn.rotation.Estate;
import dev.keyturn.rotation.Failure;
import dev.keyturn.rotation.Finding;
import dev.keyturn.rotation.Forecast;
import dev.keyturn.rotation.Gate;
import dev.keyturn.rotation.Inspection;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.Pause;
import dev.keyturn.rotation.RotationHead;
import dev.keyturn.rotation.RotationResult;
import dev.keyturn.rotation.RotationSummary;
import dev.keyturn.rotation.Verifier;
import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The shapes of {@code --json}: a contract with scripts. Times are RFC 3339 in UTC. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Json() {}

    static String line(ObjectNode node) {
        return MAPPER.writeValueAsString(node);
    }

    static String array(List<ObjectNode> nodes) {
        ArrayNode array = NODES.arrayNode();
        nodes.forEach(array::add);
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(array);
    }

    static ObjectNode object() {
        return NODES.objectNode();
    }

    /** @param waitedFor the public key that a partner is to install or to take off */
    static ObjectNode status(CredentialStatus status, Optional<PublicKey> waitedFor) {
        ObjectNode node = NODES.objectNode();
        node.put("credential", status.credential().name());
        node.put("policy", status.credential().policy().name());
        ObjectNode labels = node.putObject("labels");
        status.credential().labels().forEach(labels::put);
        Account account = status.credential().account();
        node.putObject("host")
                .put("hostname", account.hostname())
                .put("port", account.port())
                .put("user", status.user().orElse(null));
        node.put("dromo_id", status.credential().dromoId());
        node.put("auth_type", status.credential().authType().name());
        node.put("state", status.state().label());
        node.put("fingerprint", text(status.fingerprint()));
        node.put("rotated_at", time(status.rotatedAt()));
        status.age().ifPresentOrElse(age -> node.put("age_days", age.toDays()), () -> node.putNull("age_days"));
        node.put("overdue", status.overdue());
        node.put("next_rotation_at", time(status.nextRotationAt()));
        status.lastRotation()
                .ifPresentOrElse(
                        last -> {
                            ObjectNode child = node.putObject("last_rotation");
                            child.put("id", last.id().text());
                            child.put("outcome", last.outcome().label());
                            child.put("finished_at", time(last.finishedAt()));
                            child.set("error", failure(last.failure()));
                        },
                        () -> node.putNull("last_rotation"));
        node.put("last_verified_at", time(status.lastVerifiedAt()));
        status.pause().ifPresent(pause -> node.set("pause", pause(pause)));
        status.compromise().ifPresent(word -> node.set("compromised", compromised(status.credential(), word)));
        status.waiting()
                .ifPresent(waiting -> node.putObject("waiting")
                        .put("for", waiting.what().label())
                        .put("since", waiting.since().toString())
                        .put("next_try_at", waiting.nextTry().toString())
                        .put("fingerprint", text(waiting.key()))
                        .put("public_key", waitedFor.map(PublicKey::line).orElse(null)));
        return node;
    }

    private static ObjectNode pause(Pause pause) {
        ObjectNode node = NODES.objectNode();
        node.put("since", pause.since().toString());
        node.put("until", time(pause.until()));
        node.put("reason", pause.reason().orElse(null));
        node.set("actor", actor(pause.by()));
        return node;
    }

    private static ObjectNode compromised(ManagedCredential credential, Compromise known) {
        ObjectNode node = NODES.objectNode();
        node.put("since", known.since().toString());
        node.put("reason", known.reason());
        node.put("users_left", known.left(credential));
        node.set("actor", actor(known.by()));
        return node;
    }

    private static ObjectNode actor(Actor actor) {
        return NODES.objectNode()
                .put("kind", actor.kind().name().toLowerCase(java.util.Locale.ROOT))
                .put("uid", actor.uid().orElse(null))
                .put("name", actor.name().orElse(null));
    }

    static ObjectNode key(String credential, String which, String line, PublicKey key) {
        return NODES.objectNode()
                .put("credential", credential)
                .put("which", which)
                .put("fingerprint", key.fingerprint().text())
                .put("line", line);
    }

    static ObjectNode result(RotationResult result) {
        ObjectNode node = NODES.objectNode();
        node.put("credential", result.credential());
        node.put("rotation", result.rotation().map(id -> id.text()).orElse(null));
        node.put("outcome", result.outcome().label());
        node.put("auth_type", result.authType().name());
        node.put("fingerprint", text(result.fingerprint()));
        node.put("previous_fingerprint", text(result.previousFingerprint()));
        node.put("duration_ms", result.duration().toMillis());
        node.put("gap_ms", millis(result.gap()));
        node.set("error", failure(result.failure()));
        return node;
    }

    static ObjectNode summary(RotationSummary rotation) {
        ObjectNode node = NODES.objectNode();
        node.put("rotation", rotation.id().text());
        node.put("credential", rotation.credential());
        node.put("auth_type", rotation.authType().name());
        node.put("reason", rotation.reason());
        node.set("actor", actor(rotation.actor()));
        node.put("started_at", rotation.startedAt().toString());
        node.put("finished_at", time(rotation.finishedAt()));
        node.put("outcome", rotation.outcome().label());
        node.put("fingerprint", text(rotation.fingerprint()));
        node.put("previous_fingerprint", text(rotation.previousFingerprint()));
        node.put("user", rotation.users().map(RotationHead.Users::changed).orElse(null));
        node.put(
                "previous_user",
                rotation.users().map(RotationHead.Users::active).orElse(null));
        node.put("gap_ms", millis(rotation.gap()));
        node.set("error", failure(rotation.failure()));
        ArrayNode steps = node.putArray("steps");
        for (RotationSummary.Transition step : rotation.steps()) {
            ObjectNode child = steps.addObject();
            child.put("state", step.state().name().toLowerCase(java.util.Locale.ROOT));
            child.put("at", step.at().toString());
            ArrayNode findings = child.putArray("findings");
            for (Finding finding : step.findings()) {
                findings.addObject()
                        .put("at", finding.at().toString())
                        .put("probe", finding.probe())
                        .put("found", finding.found());
            }
            child.set("error", failure(step.failure()));
        }
        return node;
    }

    static ObjectNode verification(Verifier.Verification verification) {
        ObjectNode node = NODES.objectNode();
        node.put("credential", verification.credential());
        node.put("sound", verification.sound());
        ArrayNode checks = node.putArray("checks");
        for (Verifier.Check check : verification.checks()) {
            checks.addObject()
                    .put("name", check.name().replace(' ', '_'))
                    .put("sound", check.sound())
                    .put("verdict", check.verdict().label())
                    .put("finding", check.finding());
        }
        return node;
    }

    static ObjectNode inspection(ManagedCredential credential, Inspection found) {
        ObjectNode node = NODES.objectNode();
        node.put("credential", credential.name());
        node.put("ok", found.ok());
        node.put("account", credential.where());
        node.put("method", credential.install().configName());
        node.put("login", found.login().label());
        node.put("dromo_record", found.record().label());
        node.set("connectors", connectors(found.connectors()));
        ArrayNode unlisted = node.putArray("not_listed");
        found.unlisted().forEach(unlisted::add);
        node.put("rotating", found.open().isPresent());
        node.set("error", failure(found.failure()));
        return node;
    }

    /** Null where they are not known. */
    private static tools.jackson.databind.JsonNode connectors(Connectors connectors) {
        return connectors.unknown().isPresent() ? NODES.nullNode() : connectors(connectors.all());
    }

    static ObjectNode estate(Estate.Item item) {
        ObjectNode node = NODES.objectNode();
        Optional<Dromo.StoredCredential> record = item.record();
        node.put("dromo_id", item.dromoId());
        node.put("standing", item.standing().label());
        node.put("credential", item.name().orElse(null));
        node.put("hostname", record.map(Dromo.StoredCredential::hostname).orElse(null));
        node.put("port", record.map(Dromo.StoredCredential::port).orElse(null));
        node.put("user", record.map(Dromo.StoredCredential::user).orElse(null));
        node.put("auth_type", record.map(it -> it.authType().name()).orElse(null));
        node.put("fingerprint", text(record.flatMap(Dromo.StoredCredential::fingerprint)));
        node.put("difference", item.difference().orElse(null));
        node.put("unused", item.unused());
        node.set("connectors", connectors(item.connectors()));
        return node;
    }

    private static ArrayNode connectors(List<Dromo.Connector> connectors) {
        ArrayNode array = NODES.arrayNode();
        connectors.forEach(connector -> array.addObject()
                .put("id", connector.id())
                .put("directory", connector.directory())
                .put("schedule", connector.schedule()));
        return array;
    }

    static ObjectNode planned(Forecast.Planned planned, String local) {
        ObjectNode node = NODES.objectNode();
        node.put("credential", planned.credential().name());
        node.put("policy", planned.credential().policy().name());
        node.put("at", planned.at().toString());
        node.put("local", local);
        node.put("schedule", planned.shifts().get(0).why());
        node.put("overlap", Durations.print(planned.credential().policy().overlap()));
        ArrayNode shifts = node.putArray("moved_by");
        planned.shifts().stream()
                .skip(1)
                .forEach(shift -> shifts.addObject()
                        .put("cause", shift.cause().label())
                        .put("to", shift.to().toString())
                        .put("why", shift.why()));
        return node;
    }

    static ObjectNode gates(WhyCommand.Known known) {
        ObjectNode node = NODES.objectNode();
        node.put("credential", known.credential().name());
        ArrayNode gates = node.putArray("gates");
        for (Gate gate : known.gates()) {
            gates.addObject()
                    .put("gate", gate.name())
                    .put("open", gate.open())
                    .put("opens_at", time(gate.opensAt()))
                    .put("why", gate.why());
        }
        known.online().ifPresent(found -> node.set("connectors", connectors(found.connectors())));
        return node;
    }

    private static tools.jackson.databind.JsonNode failure(Optional<Failure> failure) {
        if (failure.isEmpty()) {
            return NODES.nullNode();
        }
        Failure why = failure.get();
        return NODES.objectNode()
                .put("step", why.step().label())
                .put("kind", why.kind())
                .put("message", why.message())
                .put("valid_now", why.validNow())
                .put("hint", why.hint());
    }

    private static @Nullable Long millis(Optional<Duration> duration) {
        return duration.map(Duration::toMillis).orElse(null);
    }

    private static @Nullable String text(Optional<Fingerprint> fingerprint) {
        return fingerprint.map(Fingerprint::text).orElse(null);
    }

    private static @Nullable String time(Optional<Instant> instant) {
        return instant.map(Instant::toString).orElse(null);
    }
}
