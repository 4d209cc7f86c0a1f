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
from unittest import mock

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.migrations.state import ProjectState

from tests.cluster import MARK

# Copies of the tables that migrations fill, for `reset`.
_SEEDS = "seeds"
# Joins are planned few at a time: a page's statements join ten tables of five rows each, and looking at every order of ten
# took five times as long as all else that the server does. What a statement finds does not depend on it.
_PLANNING = ("join_collapse_limit = 4", "from_collapse_limit = 4")
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
            *(f'ALTER DATABASE "{name}" SET {setting}' for setting in _PLANNING),
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
        with _rendering_little():
            call_command("migrate", verbosity=0, interactive=False)
        _keep_seeds()
        connections.close_all()
        _statements(f"COMMENT ON DATABASE \"{name}\" IS '{_FILLED}'")
    return name


@contextmanager
def _rendering_little() -> Iterator[None]:
    """While migrating, a model that gets an option, a constraint or a field is rendered anew alone.

    Django renders all that are connected with it, here nearly all models each time, which takes nine tenths of the time.
    Statements need the one model; code in a migration (RunPython) gets all of them afresh from Django itself, as soon as a
    state is marked as delayed. What is changed or removed may be referred to: that stays as Django has it.
    """
    found, adding = ProjectState._find_reload_model, set[int]()  # type: ignore[attr-defined]

    def alone(state: ProjectState, app_label: str, model_name: str, delay: bool = False) -> Any:
        if not delay and id(state) not in adding:
            return found(state, app_label, model_name, delay)
        state.is_delayed = True
        return {(app_label, model_name)}

    def adds(method: Any) -> Any:
        def add(state: ProjectState, *rest: Any) -> None:
            adding.add(id(state))
            try:
                method(state, *rest)
            finally:
                adding.discard(id(state))

        return add

    with (
        mock.patch.object(ProjectState, "_find_reload_model", alone),
        mock.patch.object(ProjectState, "add_model", adds(ProjectState.add_model)),
        mock.patch.object(ProjectState, "add_field", adds(ProjectState.add_field)),
    ):
        yield


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
