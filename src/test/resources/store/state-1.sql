PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE keyturn_schema (
  version INTEGER NOT NULL
);
INSERT INTO keyturn_schema VALUES(1);
CREATE TABLE encryption_key (
  id TEXT NOT NULL PRIMARY KEY,
  nonce TEXT NOT NULL,
  check_value TEXT NOT NULL
);
INSERT INTO encryption_key VALUES('f370d1faff370641','H+0IfAq2SuAEu6VX','jSdrHjg3XL/wsdYnd6gLwebAhKoRMW3Iu1+V+4qD8jBt');
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
INSERT INTO credential VALUES('acme','2026-03-01T03:00:00Z','3a1b2c3d-0000-4000-8000-000000000001','PASSWORD',NULL,NULL,'2026-03-01T03:00:00Z',NULL,1,0);
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
INSERT INTO rotation VALUES('3a1b2c3d-0000-4000-8000-000000000002',1,'acme','PASSWORD','quarterly','CLI',1000,'ada','2026-03-01T03:00:00Z','PT0S','3a1b2c3d-0000-4000-8000-000000000001','PASSWORD',NULL,NULL,'INSTALLING','3a1b2c3d-0000-4000-8000-000000000002','PASSWORD',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0);
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
INSERT INTO transition VALUES('3a1b2c3d-0000-4000-8000-000000000002',1,'STARTED','2026-03-01T03:00:00Z',NULL,NULL,NULL,NULL,NULL);
INSERT INTO transition VALUES('3a1b2c3d-0000-4000-8000-000000000002',2,'GENERATED','2026-03-01T03:00:01Z',NULL,NULL,NULL,NULL,NULL);
INSERT INTO transition VALUES('3a1b2c3d-0000-4000-8000-000000000002',3,'INSTALLING','2026-03-01T03:00:02Z',NULL,NULL,NULL,NULL,NULL);
CREATE TABLE secret (
  id TEXT NOT NULL PRIMARY KEY,
  credential TEXT NOT NULL REFERENCES credential (name),
  auth_type TEXT NOT NULL,
  public_key TEXT,
  key_id TEXT NOT NULL REFERENCES encryption_key (id),
  nonce TEXT NOT NULL,
  ciphertext TEXT NOT NULL
);
INSERT INTO secret VALUES('3a1b2c3d-0000-4000-8000-000000000001','acme','PASSWORD',NULL,'f370d1faff370641','brvvJpwroX8QPiPS','WdQkvzQGfmgYHNdqFrrXJQI/bfRsvUVx+BpoUQ==');
INSERT INTO secret VALUES('3a1b2c3d-0000-4000-8000-000000000002','acme','PASSWORD',NULL,'f370d1faff370641','4iGxPU35tisulF6X','e5tRuZiiwfry/ZBVuuknVcX0O857ZOwieXp27nX+G09trT/62hg=');
CREATE TABLE lease (
  credential TEXT NOT NULL PRIMARY KEY,
  holder TEXT NOT NULL,
  process TEXT NOT NULL,
  fence BIGINT NOT NULL,
  expires_at TEXT
);
INSERT INTO lease VALUES('acme','host7/4711','fbcf422d-a16e-4291-9455-5202cff6fe0f',1,'2026-03-01T04:00:00Z');
CREATE INDEX rotation_by_credential ON rotation (credential, seq);
CREATE UNIQUE INDEX one_open_rotation ON rotation (credential) WHERE finished_at IS NULL;
COMMIT;
