"""The servers of a laptop: found again after a crash, never two at a time, never open to a stranger."""

import os
import signal
import socket

import pytest

from tools.processes import command_line, free_port
from tools.services import Postgres, Redis


@pytest.fixture
def postgres(tmp_path):
    server = Postgres(tmp_path / "a folder", durable=False)
    yield server
    server.stop()


@pytest.fixture
def redis(tmp_path):
    server = Redis(tmp_path)
    yield server
    server.stop()


def test_a_cluster_starts_once_and_has_what_the_timetable_needs(postgres):
    assert postgres.start() is True
    assert postgres.start() is False

    postgres.create_database("ncpi")
    postgres.create_database("ncpi")
    postgres.sql("create extension btree_gist", database="ncpi")

    assert postgres.sql("select extname from pg_extension order by 1", database="ncpi") == ["btree_gist", "plpgsql"]
    assert postgres.sql("select 'Z' < 'a', 'a' < 'é'") == ["t|t"]


def test_a_killed_cluster_starts_again_with_its_data(postgres):
    postgres.start()
    postgres.create_database("kept")
    pid, _ = postgres._running()

    os.kill(pid, signal.SIGKILL)

    assert postgres.start() is True
    assert postgres.sql("select datname from pg_database where datname = 'kept'") == ["kept"]


def test_a_process_id_that_now_belongs_to_another_program_is_seen_through(postgres):
    postgres.start()
    postgres.stop()
    stale = postgres.data / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{postgres.data}\n0\n5432\n\n127.0.0.1\n")

    assert postgres.start() is True


def test_a_cluster_of_another_version_is_refused_in_words(postgres):
    postgres.data.mkdir(parents=True)
    (postgres.data / "PG_VERSION").write_text("9\n")

    with pytest.raises(Exception, match=r"was made by PostgreSQL 9; this is 18"):
        postgres.start()


def test_a_stranger_on_the_same_machine_is_not_let_in(postgres):
    postgres.start()
    postgres.password_file.write_text("wrong")

    with pytest.raises(Exception, match="password authentication failed"):
        postgres.sql("select 1")


def test_the_broker_starts_once_and_again_after_a_kill(redis):
    assert redis.start() is True
    assert redis.start() is False
    port = redis.port
    os.kill(redis._known()["pid"], signal.SIGKILL)

    assert redis.start(port=port) is True


def test_the_broker_asks_for_its_password(redis):
    redis.start()

    with socket.create_connection(("127.0.0.1", redis.port)) as link:
        link.sendall(b"PING\r\n")
        answer = link.recv(100)

    assert answer == b"-NOAUTH Authentication required.\r\n"


def test_a_stopped_process_leaves_no_trace(redis):
    redis.start()
    pid = redis._known()["pid"]

    redis.stop()

    assert command_line(pid) == ""
    assert redis.port is None


def test_a_taken_port_is_not_given_out():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        assert free_port(port) != port
