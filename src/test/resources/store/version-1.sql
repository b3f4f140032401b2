-- A store of format 1, as Keyturn wrote it. Its key is TestStore's.
BEGIN TRANSACTION;
CREATE TABLE credential (
  name TEXT NOT NULL PRIMARY KEY,
  first_seen_at TEXT NOT NULL,
  current_secret TEXT,
  current_auth_type TEXT,
  current_fingerprint TEXT,
  rotated_at TEXT,
  adopted_at TEXT,
  last_verified_at TEXT,
  verified_sound BOOLEAN NOT NULL,
  failures_in_a_row INTEGER NOT NULL
);
INSERT INTO "credential" VALUES('acme','2026-03-01T03:00:00Z','first','KEY','SHA256:n6i1uu1cyl3Md5N4PeR/uKTbNHt9mJVn5NP0z98u9Ks',NULL,'2026-03-01T03:00:00Z',NULL,1,1);
INSERT INTO "credential" VALUES('archive','2026-03-01T03:00:00Z','words','PASSWORD',NULL,NULL,'2026-03-01T03:00:00Z','2026-03-01T03:00:00Z',1,0);
CREATE TABLE encryption_key (
  id TEXT NOT NULL PRIMARY KEY,
  nonce TEXT NOT NULL,
  check_value TEXT NOT NULL
);
INSERT INTO "encryption_key" VALUES('f370d1faff370641','0/9zCN5cK8aDYBpP','ESv03kZL7F2zUOH709rn/l71Ta1+XUa3IESoJlTPNJ2i');
CREATE TABLE keyturn_schema (
  version INTEGER NOT NULL
);
INSERT INTO "keyturn_schema" VALUES(1);
CREATE TABLE lease (
  credential TEXT NOT NULL PRIMARY KEY,
  holder TEXT NOT NULL,
  process TEXT NOT NULL,
  fence BIGINT NOT NULL,
  expires_at TEXT
);
INSERT INTO "lease" VALUES('acme','writer','c46d3962-3a80-49d8-9e28-7af5c8ac110d',1,'2026-03-01T04:00:00Z');
INSERT INTO "lease" VALUES('archive','writer','c46d3962-3a80-49d8-9e28-7af5c8ac110d',1,NULL);
CREATE TABLE rotation (
  id TEXT NOT NULL PRIMARY KEY,
  seq BIGINT NOT NULL UNIQUE,
  credential TEXT NOT NULL REFERENCES credential (name),
  auth_type TEXT NOT NULL,
  reason TEXT NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_uid BIGINT,
  actor_name TEXT,
  started_at TEXT NOT NULL,
  overlap TEXT NOT NULL,
  previous_secret TEXT,
  previous_auth_type TEXT,
  previous_secret_fingerprint TEXT,
  previous_fingerprint TEXT,
  state TEXT NOT NULL,
  candidate_secret TEXT,
  candidate_auth_type TEXT,
  candidate_fingerprint TEXT,
  overlap_until TEXT,
  undone_step TEXT,
  undone_kind TEXT,
  undone_message TEXT,
  undone_valid_now TEXT,
  undone_hint TEXT,
  finished_at TEXT,
  counted_as_failure BOOLEAN NOT NULL
);
INSERT INTO "rotation" VALUES('878f03e3-6d94-4f24-8773-53e8146bb31c',1,'acme','KEY','quarterly; "quoted" & ünïcode','CLI',1000,'ada','2026-03-01T03:00:00.123456Z','PT24H','first','KEY','SHA256:n6i1uu1cyl3Md5N4PeR/uKTbNHt9mJVn5NP0z98u9Ks','SHA256:n6i1uu1cyl3Md5N4PeR/uKTbNHt9mJVn5NP0z98u9Ks','PUBLISHING','second','KEY','SHA256:CvOJRdDGKseB6A6X+gKs4YZMQvrwx2Rok8N6++7t2HQ',NULL,NULL,NULL,NULL,NULL,NULL,NULL,1);
CREATE TABLE secret (
  id TEXT NOT NULL PRIMARY KEY,
  credential TEXT NOT NULL REFERENCES credential (name),
  auth_type TEXT NOT NULL,
  public_key TEXT,
  key_id TEXT NOT NULL REFERENCES encryption_key (id),
  nonce TEXT NOT NULL,
  ciphertext TEXT NOT NULL
);
INSERT INTO "secret" VALUES('first','acme','KEY','ssh-ed25519 YSBwdWJsaWMga2V5IGJsb2IgYWRiMDZjZTY=','f370d1faff370641','HkwdWLhQWF1Gko63','vREcObDvEmplY1ZjFNGoShbtQi6LgOT4J6WJ93ccp6gWLlALmLdhs56905UDafIaI9TSK5vJBfOJxNn/');
INSERT INTO "secret" VALUES('second','acme','KEY','ssh-ed25519 YSBwdWJsaWMga2V5IGJsb2IgNmRlNDAzZGY=','f370d1faff370641','mJgVpSXo0CKyPncj','VhlcrksC64/+xy+DLbJv7aJ9XEjWxBoJ7riwkNQAq2VTVorJjMM/QXimBzo2q2jGd4Jzq3ESLoWuNWPX');
INSERT INTO "secret" VALUES('words','archive','PASSWORD',NULL,'f370d1faff370641','1b7NXhZZxcDTHlGL','U1rkjPjC+/G2d7afx9VgXj111lTObgjwTg==');
CREATE TABLE transition (
  rotation TEXT NOT NULL REFERENCES rotation (id),
  step INTEGER NOT NULL,
  state TEXT NOT NULL,
  entered_at TEXT NOT NULL,
  failure_step TEXT,
  failure_kind TEXT,
  failure_message TEXT,
  failure_valid_now TEXT,
  failure_hint TEXT,
  PRIMARY KEY (rotation, step)
);
INSERT INTO "transition" VALUES('878f03e3-6d94-4f24-8773-53e8146bb31c',1,'STARTED','2026-03-01T03:00:00Z',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "transition" VALUES('878f03e3-6d94-4f24-8773-53e8146bb31c',2,'GENERATED','2026-03-01T03:00:00Z',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "transition" VALUES('878f03e3-6d94-4f24-8773-53e8146bb31c',3,'PUBLISHING','2026-03-01T03:00:00Z','PROVE','connection_refused','acme: sftp.acme.example:22 refuses the connection','the old key logs in and Dromo holds it','Check the host; then run: keyturn rotate acme');
CREATE INDEX rotation_by_credential ON rotation (credential, seq);
CREATE UNIQUE INDEX one_open_rotation ON rotation (credential) WHERE finished_at IS NULL;
COMMIT;
