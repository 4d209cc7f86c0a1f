"""The embedded PostgreSQL under every identity, with paths of every length, and after a crash."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest

from prm.supervisor import cluster_files
from prm.supervisor.isolation import Identity, choose_identity, nobody
from prm.supervisor.layout import Layout
from prm.supervisor.postgres import FAST, Postgres
from prm.supervisor.processes import Child
from prm.supervisor.servers import postgres_of, wait_until_ready

from .conftest import processes_naming


@contextmanager
def running(server: Postgres) -> Iterator[Child]:
    child = Child(server.program())
    child.start()
    try:
        wait_until_ready(server, child)
        server.make_database()
        yield child
    finally:
        child.stop()


def ask(server: Postgres, question: str) -> object:
    connection = psycopg2.connect(server.url())
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchone() if cursor.description else None
    finally:
        connection.close()


def test_data_survives_a_kill(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "var")
    layout.prepare()
    server = postgres_of(layout)
    assert server.prepare() is True
    with running(server) as child:
        ask(server, "CREATE TABLE deals AS SELECT generate_series(1, 100) AS id")
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
    assert server.prepare() is False
    with running(server):
        assert ask(server, "SELECT count(*) FROM deals") == (100,)
    assert list(processes_naming(str(tmp_path))) == []


def test_a_pid_file_that_names_a_stranger_is_no_obstacle(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "var")
    layout.prepare()
    server = postgres_of(layout)
    server.prepare()
    (server.place.data / "postmaster.pid").write_text(
        f"{os.getppid()}\n{server.place.data}\n1\n5432\n\n\n\nready\n"
    )
    server.prepare()
    assert not server.ready()
    with running(server):
        assert ask(server, "SELECT 1") == (1,)


def test_a_path_far_too_long_for_a_socket(tmp_path: Path) -> None:
    layout = Layout(tmp_path / ("long name " * 10) / "var")
    layout.prepare()
    server = postgres_of(layout)
    try:
        server.prepare()
        with running(server):
            assert ask(server, "SELECT current_database()") == ("concord",)
    finally:
        shutil.rmtree(layout.sockets)


def test_the_database_has_what_the_portal_needs(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "var")
    layout.prepare()
    server = postgres_of(layout)
    server.prepare()
    with running(server):
        assert ask(server, "SHOW timezone") == ("UTC",)
        assert ask(server, "SHOW listen_addresses") == ("",)
        assert ask(server, "SHOW fsync") == ("on",)
        assert ask(server, "SHOW data_checksums") == ("on",)
        ask(server, "CREATE EXTENSION pg_trgm; CREATE EXTENSION unaccent; CREATE EXTENSION btree_gist")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_as_nobody_where_namespaces_are_refused(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "var")
    layout.prepare()
    place = cluster_files.home(layout.var, layout.sockets, Identity.NOBODY, layout.fingerprint)
    server = Postgres(place, layout.logs / "postgres.log", FAST)
    try:
        server.prepare()
        with running(server) as child:
            assert os.stat(f"/proc/{child.pid}").st_uid == nobody()[0]
            assert ask(server, "SELECT 1") == (1,)
    finally:
        shutil.rmtree(cluster_files.outside_home(layout.fingerprint))


def test_root_never_runs_the_server_as_root() -> None:
    assert (choose_identity() is Identity.SAME_USER) == (os.geteuid() != 0)
