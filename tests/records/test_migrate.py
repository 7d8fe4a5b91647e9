"""Opening databases of every age."""
# ruff: noqa: S608 - table names come from the tests

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from ivoryos_jupyter.errors import RecordsError
from ivoryos_jupyter.records import DataFolder, History, open_store
from ivoryos_jupyter.records._migrate import _upgrade_sqlite, upgrade
from ivoryos_jupyter.records._tables import Base
from ivoryos_jupyter.records._version import HEAD, VERSION_TABLE

FIXTURE = Path(__file__).parents[1] / "fixtures" / "ivoryos-1.7.2" / "ivoryos.db"

_OLDER = """
CREATE TABLE user (username VARCHAR(50) NOT NULL, "hashPassword" VARCHAR(255), PRIMARY KEY (username), UNIQUE (username));
CREATE TABLE script (name VARCHAR(50) NOT NULL, deck VARCHAR(50), status VARCHAR(50), script_dict TEXT, time_created VARCHAR(50),
  last_modified VARCHAR(50), id_order TEXT, editing_type VARCHAR(50), author VARCHAR(50) NOT NULL, PRIMARY KEY (name));
CREATE TABLE workflow_runs (id INTEGER NOT NULL, name VARCHAR(128) NOT NULL, platform VARCHAR(128) NOT NULL, start_time DATETIME,
  end_time DATETIME, data_path VARCHAR(256), repeat_mode VARCHAR(64), PRIMARY KEY (id));
CREATE TABLE workflow_phases (id INTEGER NOT NULL, run_id INTEGER NOT NULL, name VARCHAR(64) NOT NULL, repeat_index INTEGER,
  parameters TEXT, outputs TEXT, start_time DATETIME, end_time DATETIME, PRIMARY KEY (id),
  FOREIGN KEY(run_id) REFERENCES workflow_runs (id) ON DELETE CASCADE);
CREATE TABLE workflow_steps (id INTEGER NOT NULL, phase_id INTEGER, step_index INTEGER, method_name VARCHAR(128) NOT NULL,
  start_time DATETIME, end_time DATETIME, run_error BOOLEAN, output TEXT, PRIMARY KEY (id),
  FOREIGN KEY(phase_id) REFERENCES workflow_phases (id) ON DELETE CASCADE);
CREATE TABLE single_steps (id INTEGER NOT NULL, method_name VARCHAR(128) NOT NULL, kwargs TEXT NOT NULL, start_time DATETIME,
  end_time DATETIME, run_error VARCHAR(128), output TEXT, PRIMARY KEY (id));
INSERT INTO workflow_runs VALUES (1, 'old', 'flowlab', '2024-05-01 10:00:00.000000', NULL, NULL, 'repeat');
INSERT INTO workflow_phases VALUES (1, 1, 'main', 1, NULL, '[{"left": 1.5}]', '2024-05-01 10:00:00.000000', NULL);
INSERT INTO workflow_steps VALUES (1, 1, 1, 'dispense', '2024-05-01 10:00:00.000000', '2024-05-01 10:00:01.000000', 0, '{"left": 1.5}');
"""


def _differences(engine):
    """What Alembic would change; PostgreSQL keeps no second unique constraint on a primary key."""

    def told_apart(thing, _name, kind, _reflected, _other):
        return kind != "unique_constraint" or {column.name for column in thing.columns} not in ({"name"}, {"username"})

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE, "include_object": told_apart})
        found = compare_metadata(context, Base.metadata)
    engine.dispose()
    return found


def _tables(path):
    with closing(sqlite3.connect(path)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        columns = {name: sorted(connection.execute(f"SELECT name, upper(type), pk FROM pragma_table_info('{name}')")) for name in names}
        indexes = sorted(connection.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"))
    return columns, indexes


def _backups(folder):
    return sorted(folder.path.glob("ivoryos.before-*.db"))


def test_an_empty_folder_gets_the_same_tables_as_the_migrations_make(folder, tmp_path):
    open_store(folder).close()
    migrated = tmp_path / "migrated.db"
    _upgrade_sqlite(migrated)
    assert _tables(folder.database) == _tables(migrated)
    assert not _backups(folder)


def test_the_models_describe_the_tables(tmp_path):
    path = tmp_path / "migrated.db"
    _upgrade_sqlite(path)
    engine = create_engine(f"sqlite:///{path}")
    assert _differences(engine) == []


def test_the_models_describe_the_tables_on_postgresql(postgres):
    uri = postgres.database("models")
    engine = create_engine(uri.replace("postgresql://", "postgresql+psycopg://"))
    upgrade(engine)
    assert _differences(engine) == []


def test_a_database_of_ivoryos_opens_in_place_after_a_backup(old_folder):
    open_store(old_folder).close()
    (backup,) = _backups(old_folder)
    with closing(sqlite3.connect(backup)) as copy, closing(sqlite3.connect(FIXTURE)) as original:
        for table in ("workflow_runs", "workflow_steps", "script"):
            query = f"SELECT * FROM {table}"
            assert copy.execute(query).fetchall() == original.execute(query).fetchall()
    open_store(old_folder).close()
    assert _backups(old_folder) == [backup]


def test_ivoryos_can_still_read_and_write_after_us(old_folder, rows):
    store = open_store(old_folder)
    rows.begun(store)
    store.close()
    with closing(sqlite3.connect(FIXTURE)) as original, closing(sqlite3.connect(old_folder.database)) as ours:
        for (table,) in original.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            columns = ", ".join(f'"{row[1]}"' for row in original.execute(f"PRAGMA table_info('{table}')"))
            before = original.execute(f"SELECT {columns} FROM {table} ORDER BY 1").fetchall()
            assert set(before) <= set(ours.execute(f"SELECT {columns} FROM {table}").fetchall())
        ours.execute(
            "INSERT INTO workflow_runs (name, platform, start_time, repeat_mode) VALUES ('x', 'y', '2026-01-01 00:00:00', 'repeat')"
        )
        ours.commit()
    store = open_store(old_folder)
    assert "x" in set(History(store).runs()["name"])
    store.close()


def test_an_older_ivoryos_gets_the_columns_it_lacks(folder):
    with closing(sqlite3.connect(folder.database)) as connection:
        connection.executescript(_OLDER)
    store = open_store(folder)
    history = History(store)
    assert list(history.runs()["name"]) == ["old"]
    assert history.steps().iloc[0]["output"] == {"left": 1.5}
    assert list(history.outputs()["left"]) == [1.5]
    store.close()
    assert len(_backups(folder)) == 1


def test_a_database_of_a_newer_release_is_refused_and_left_alone(folder):
    open_store(folder).close()
    with closing(sqlite3.connect(folder.database)) as connection:
        connection.execute(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
        connection.commit()
    with pytest.raises(RecordsError, match="newer"):
        open_store(folder)


def test_a_file_that_is_no_database_is_refused_with_a_cure(folder):
    folder.database.write_bytes(b"this is a text" * 100)
    with pytest.raises(RecordsError, match="no SQLite database"):
        open_store(folder)
    assert folder.database.read_bytes().startswith(b"this is a text")


def test_a_failed_migration_leaves_the_database_as_it_was(old_folder, monkeypatch):
    before = _tables(old_folder.database)
    monkeypatch.setattr("alembic.op.create_table", _fails, raising=True)
    with pytest.raises(RuntimeError, match="out of luck"):
        open_store(old_folder)
    assert _tables(old_folder.database) == before
    monkeypatch.undo()
    open_store(old_folder).close()


def _fails(*_arguments, **_named):
    raise RuntimeError("out of luck")


def _open(path):
    open_store(path).close()


def test_several_kernels_opening_one_old_database_change_it_once(old_folder):
    context = get_context("spawn")
    kernels = [context.Process(target=_open, args=(str(old_folder.path),)) for _ in range(3)]
    for kernel in kernels:
        kernel.start()
    for kernel in kernels:
        kernel.join(60)
    assert [kernel.exitcode for kernel in kernels] == [0, 0, 0]
    assert len(_backups(old_folder)) == 1


def test_a_database_that_is_up_to_date_is_opened_without_alembic(folder, monkeypatch):
    open_store(folder).close()
    monkeypatch.setattr("ivoryos_jupyter.records._migrate.upgrade", _fails)
    open_store(folder).close()
    with closing(sqlite3.connect(folder.database)) as connection:
        assert connection.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone() == (HEAD,)


def test_a_data_folder_can_be_copied_to_another_machine(old_folder, tmp_path):
    open_store(old_folder).close()
    shutil.copytree(old_folder.path, tmp_path / "elsewhere")
    store = open_store(DataFolder(tmp_path / "elsewhere"))
    assert len(History(store).runs()) == 19
    store.close()
