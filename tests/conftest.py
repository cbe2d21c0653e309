"""Fixtures that several rooms share."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from sayso.stores.store import Store


def pytest_configure() -> None:
    """Give no test a time limit, and the processes that tests start a Ctrl-C that works.

    A shell that runs us in the background has it ignored, and children inherit that.
    """
    settings.register_profile("sayso", deadline=None)
    settings.load_profile("sayso")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def postgres_socket() -> Iterator[Path]:
    """The folder of a running PostgreSQL server's socket, or a skip that says what is missing."""
    psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed: sayso[postgres]")
    assert psycopg
    from tests.postgres import NoPostgres, postgres_server

    try:
        with postgres_server() as socket:
            yield socket
    except NoPostgres as reason:
        pytest.skip(str(reason))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database: the same test runs on both kinds."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/sayso.db"
        return
    from tests.postgres import fresh_database

    with fresh_database(request.getfixturevalue("postgres_socket")) as url:
        yield url


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An open, empty store."""
    from sayso.stores.store import Store

    with Store.open(store_url) as opened:
        yield opened
