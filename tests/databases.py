"""The databases of a run: one is migrated, each process gets a copy of it, and a test with real transactions gets it back
as it was.

Migrating takes longer than most tests together; copying a database takes a fraction of a second. The processes of a run
meet at a lock in the run's folder: the first one migrates, the others copy what it made.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction

from tests.cluster import MARK

# Copies of the tables that migrations fill, for `reset`.
_SEEDS = "seeds"
# The template's comment: one without it was left half-made by a process that died.
_FILLED = "migrated to the end"


def make_copy(name: str, *, keep: bool = False) -> None:
    """Creates database `name` as the migrations leave one, and points this process at it. With `keep` one that is there
    is taken as it is, and migrated on: for runs against a server that stays (TEST_DATABASE_URL and --reuse-db)."""
    if keep and _exists(name):
        _point_at(name)
        call_command("migrate", verbosity=0, interactive=False)
        return
    with _alone():
        template = _template()
        _statements(
            f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)',
            f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY',
        )
    _point_at(name)


def drop(name: str) -> None:
    """Removes a database that `make_copy` made."""
    connections.close_all()
    _statements(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def reset() -> None:
    """Leaves in each table what the migrations left there: what a test with real transactions wrote is gone.

    Faster than TRUNCATE, which makes new files for each table and index. Triggers and foreign keys rest meanwhile, for
    which the role must be a superuser.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica;" + _back_to_seeds())


@cache
def _back_to_seeds() -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT tablename FROM pg_tables WHERE schemaname = '{_SEEDS}'")
        seeded = [row[0] for row in cursor.fetchall()]
        return "".join(f'DELETE FROM "{name}";' for name in _tables(cursor)) + "".join(
            f'INSERT INTO "{name}" SELECT * FROM {_SEEDS}."{name}";' for name in seeded
        )


def _exists(name: str) -> bool:
    with _server() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def _template() -> str:
    """The name of the migrated database, made at the first call of a run."""
    name = f"template_{Path(os.environ[MARK]).name.replace('-', '_')}"
    with _server() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
        )
        found = cursor.fetchone()
    if found != (_FILLED,):
        _statements(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"')
        _point_at(name)
        call_command("migrate", verbosity=0, interactive=False)
        _keep_seeds()
        connections.close_all()
        _statements(f"COMMENT ON DATABASE \"{name}\" IS '{_FILLED}'")
    return name


def _keep_seeds() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {_SEEDS}")
        for name in _tables(cursor):
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{name}")')
            if cursor.fetchone()[0]:
                cursor.execute(f'CREATE TABLE {_SEEDS}."{name}" AS TABLE "{name}"')


def _tables(cursor: Any) -> list[str]:
    """All but the list of migrations, which no test touches."""
    return [name for name in connection.introspection.table_names(cursor) if name != "django_migrations"]


def _point_at(name: str) -> None:
    connections.close_all()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


@contextmanager
def _alone() -> Iterator[None]:
    """Only one process of the run at a time."""
    with (Path(os.environ[MARK]) / "databases.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _server() -> Iterator[Any]:
    """A cursor of the server's own database, in which others can be made and dropped."""
    with connection._nodb_cursor() as cursor:  # as django.db.backends.base.creation does it
        yield cursor


def _statements(*every: str) -> None:
    with _server() as cursor:
        for statement in every:
            cursor.execute(statement)
