-- The tables as the steps in versions/ leave them; tests/records/test_migrate.py holds that.
CREATE TABLE ivoryos_jupyter_version (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT ivoryos_jupyter_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE user (
    username VARCHAR(50) NOT NULL,
    "hashPassword" VARCHAR(255),
    settings TEXT,
    PRIMARY KEY (username),
    UNIQUE (username)
);
CREATE TABLE script (
    name VARCHAR(50) NOT NULL,
    deck VARCHAR(50),
    status VARCHAR(50),
    script_dict TEXT,
    time_created VARCHAR(50),
    last_modified VARCHAR(50),
    id_order TEXT,
    editing_type VARCHAR(50),
    author VARCHAR(50) NOT NULL,
    description VARCHAR(255),
    registered BOOLEAN,
    return_values TEXT,
    uuid VARCHAR(36),
    PRIMARY KEY (name),
    UNIQUE (name),
    UNIQUE (uuid)
);
CREATE TABLE workflow_runs (
    id INTEGER NOT NULL,
    name VARCHAR(128) NOT NULL,
    platform VARCHAR(128) NOT NULL,
    start_time DATETIME,
    end_time DATETIME,
    data_path VARCHAR(256),
    repeat_mode VARCHAR(64),
    status VARCHAR(32),
    events TEXT,
    submitted_by VARCHAR(50), submission_key TEXT, outcome TEXT, workflow_name TEXT, workflow_version TEXT, deck_fingerprint TEXT, code_versions TEXT, batch_size INTEGER, not_before_us BIGINT, derived_from INTEGER, notebook TEXT, operator TEXT, owner TEXT, submitted_us BIGINT, started_us BIGINT, ended_us BIGINT, counts TEXT, error_text TEXT, request TEXT, host TEXT, os_user TEXT, instruments TEXT,
    PRIMARY KEY (id)
);
CREATE TABLE workflow_phases (
    id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    name VARCHAR(64) NOT NULL,
    repeat_index INTEGER,
    parameters TEXT,
    outputs TEXT,
    status VARCHAR(32),
    error TEXT,
    start_time DATETIME,
    end_time DATETIME, started_us BIGINT, ended_us BIGINT, samples TEXT, error_text TEXT,
    PRIMARY KEY (id),
    FOREIGN KEY(run_id) REFERENCES workflow_runs (id) ON DELETE CASCADE
);
CREATE TABLE workflow_steps (
    id INTEGER NOT NULL,
    phase_id INTEGER,
    step_index INTEGER,
    method_name VARCHAR(128) NOT NULL,
    start_time DATETIME,
    end_time DATETIME,
    run_error BOOLEAN,
    output TEXT, started_us BIGINT, ended_us BIGINT, status TEXT, step_id TEXT, instrument TEXT, arguments TEXT, result TEXT, attempt INTEGER, sample INTEGER, sample_id TEXT, path TEXT, error_text TEXT, prints TEXT,
    PRIMARY KEY (id),
    FOREIGN KEY(phase_id) REFERENCES workflow_phases (id) ON DELETE CASCADE
);
CREATE TABLE single_steps (
    id INTEGER NOT NULL,
    method_name VARCHAR(128) NOT NULL,
    kwargs TEXT NOT NULL,
    start_time DATETIME,
    end_time DATETIME,
    run_error VARCHAR(128),
    output TEXT, started_us BIGINT, ended_us BIGINT, status TEXT, instrument TEXT, operator TEXT, origin TEXT, run_id INTEGER, owner TEXT, error_text TEXT, prints TEXT, override_reason TEXT,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ix_workflow_runs_submission_key ON workflow_runs (submission_key);
CREATE INDEX ix_workflow_runs_derived_from ON workflow_runs (derived_from);
CREATE INDEX ix_workflow_runs_name ON workflow_runs (name);
CREATE INDEX ix_workflow_phases_run_id ON workflow_phases (run_id);
CREATE INDEX ix_workflow_steps_phase_id ON workflow_steps (phase_id);
CREATE TABLE workflow_versions (
    hash VARCHAR(64) NOT NULL,
    workflow TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    PRIMARY KEY (hash)
);
CREATE TABLE library_versions (
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    hash VARCHAR(64) NOT NULL,
    saved_us BIGINT NOT NULL,
    saved_by TEXT NOT NULL,
    projection VARCHAR(64) NOT NULL,
    unsaid TEXT,
    PRIMARY KEY (id),
    FOREIGN KEY(hash) REFERENCES workflow_versions (hash)
);
CREATE INDEX ix_library_versions_hash ON library_versions (hash);
CREATE INDEX ix_library_versions_name ON library_versions (name);
CREATE TABLE library_trash (
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    entry TEXT NOT NULL,
    deleted_us BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_library_trash_name ON library_trash (name);
CREATE TABLE queue (
    id INTEGER NOT NULL,
    submission_key TEXT NOT NULL,
    owner VARCHAR(64) NOT NULL,
    position INTEGER NOT NULL,
    held BOOLEAN NOT NULL,
    workflow_version VARCHAR(64) NOT NULL,
    request TEXT NOT NULL,
    enqueued_us BIGINT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (submission_key),
    FOREIGN KEY(workflow_version) REFERENCES workflow_versions (hash)
);
CREATE INDEX ix_queue_owner ON queue (owner);
CREATE INDEX ix_queue_workflow_version ON queue (workflow_version);
CREATE TABLE run_events (
    id INTEGER NOT NULL,
    run_id INTEGER,
    kind TEXT NOT NULL,
    at_us BIGINT NOT NULL,
    detail TEXT NOT NULL,
    owner VARCHAR(64) NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (owner, number),
    FOREIGN KEY(run_id) REFERENCES workflow_runs (id) ON DELETE CASCADE
);
CREATE INDEX ix_run_events_run_id ON run_events (run_id);
CREATE TABLE artefacts (
    id INTEGER NOT NULL,
    run_id INTEGER,
    step_row INTEGER,
    call_row INTEGER,
    name TEXT NOT NULL,
    path TEXT NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    type TEXT NOT NULL,
    size BIGINT NOT NULL,
    created_us BIGINT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(run_id) REFERENCES workflow_runs (id) ON DELETE CASCADE,
    FOREIGN KEY(step_row) REFERENCES workflow_steps (id) ON DELETE CASCADE,
    FOREIGN KEY(call_row) REFERENCES single_steps (id) ON DELETE CASCADE
);
CREATE INDEX ix_artefacts_step_row ON artefacts (step_row);
CREATE INDEX ix_artefacts_call_row ON artefacts (call_row);
CREATE INDEX ix_artefacts_run_id ON artefacts (run_id);
CREATE TABLE observations (
    id INTEGER NOT NULL,
    run_id INTEGER,
    instrument TEXT NOT NULL,
    property TEXT NOT NULL,
    at_us BIGINT NOT NULL,
    value TEXT,
    unit TEXT,
    error_text TEXT, due_us BIGINT,
    PRIMARY KEY (id),
    FOREIGN KEY(run_id) REFERENCES workflow_runs (id) ON DELETE CASCADE
);
CREATE INDEX ix_observations_run_id ON observations (run_id);
CREATE INDEX ix_observations_at_us ON observations (at_us);
CREATE TABLE claims (
    id INTEGER NOT NULL,
    thing TEXT NOT NULL,
    instrument TEXT NOT NULL,
    owner VARCHAR(64) NOT NULL,
    run_id INTEGER NOT NULL,
    since_us BIGINT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (thing),
    FOREIGN KEY(run_id) REFERENCES workflow_runs (id) ON DELETE CASCADE
);
CREATE INDEX ix_claims_owner ON claims (owner);
CREATE INDEX ix_claims_run_id ON claims (run_id);
INSERT INTO ivoryos_jupyter_version (version_num) VALUES ('0003');
