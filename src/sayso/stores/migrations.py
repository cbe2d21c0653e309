"""How a store of any earlier version becomes one of today: ordered functions, one a change.

A function never changes once released. A new one goes last, with its number, and `tables` shows
where it leads; a test compares the two. Each runs in a transaction of its own, and the table
`migrations` tells which were applied.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import sqlalchemy as sa

from sayso.errors import StoreError
from sayso.stores import tables
from sayso.stores.database import Database

Migration = Callable[[sa.Connection], None]

_INSTANT = {"sqlite": "DATETIME", "postgresql": "TIMESTAMP WITH TIME ZONE"}
_LOCK = 0x5A750  # any number that others who use the same PostgreSQL database do not


def _m0001_first_tables(connection: sa.Connection) -> None:
    instant = _INSTANT[connection.dialect.name]
    for statement in (
        f"""CREATE TABLE interactions (
            id TEXT NOT NULL PRIMARY KEY,
            at {instant} NOT NULL,
            user_id TEXT NOT NULL,
            conversation TEXT NOT NULL,
            turn INTEGER NOT NULL,
            locale TEXT NOT NULL,
            time_zone TEXT NOT NULL,
            device JSON NOT NULL,
            idempotency_key TEXT,
            heard_raw TEXT NOT NULL,
            heard_text TEXT NOT NULL,
            heard_alternatives JSON NOT NULL,
            outcome TEXT NOT NULL,
            skill TEXT,
            intent TEXT,
            slots JSON,
            confidence DOUBLE PRECISION,
            propensity DOUBLE PRECISION NOT NULL,
            threshold DOUBLE PRECISION NOT NULL,
            reason TEXT NOT NULL,
            shortlist JSON NOT NULL,
            hypotheses JSON NOT NULL,
            speech TEXT NOT NULL,
            ssml TEXT,
            reprompt TEXT,
            ended BOOLEAN NOT NULL,
            card JSON,
            timings JSON NOT NULL,
            failure TEXT,
            bundle_version TEXT,
            skill_version TEXT,
            rest JSON NOT NULL
        )""",
        "CREATE INDEX interactions_by_user ON interactions (user_id, at)",
        "CREATE INDEX interactions_by_conversation ON interactions (conversation, turn)",
        "CREATE UNIQUE INDEX interactions_once ON interactions (user_id, idempotency_key)",
        f"""CREATE TABLE conversations (
            user_id TEXT NOT NULL,
            conversation TEXT NOT NULL,
            context JSON,
            version INTEGER NOT NULL,
            updated_at {instant} NOT NULL,
            lease TEXT,
            lease_until {instant},
            PRIMARY KEY (user_id, conversation)
        )""",
        f"""CREATE TABLE claims (
            user_id TEXT NOT NULL,
            idempotency_key TEXT NOT NULL,
            lease TEXT NOT NULL,
            until {instant} NOT NULL,
            PRIMARY KEY (user_id, idempotency_key)
        )""",
        f"""CREATE TABLE announcements (
            user_id TEXT NOT NULL,
            skill TEXT NOT NULL,
            key TEXT NOT NULL,
            device TEXT NOT NULL,
            speech TEXT NOT NULL,
            due {instant} NOT NULL,
            created_at {instant} NOT NULL,
            PRIMARY KEY (user_id, skill, key)
        )""",
        "CREATE INDEX announcements_by_due ON announcements (due)",
        f"""CREATE TABLE events (
            id BIGINT NOT NULL PRIMARY KEY,
            user_id TEXT NOT NULL,
            device TEXT NOT NULL,
            skill TEXT NOT NULL,
            key TEXT NOT NULL,
            speech TEXT NOT NULL,
            due {instant} NOT NULL,
            rung_at {instant} NOT NULL
        )""",
        "CREATE INDEX events_by_user ON events (user_id, id)",
        "CREATE TABLE counters (name TEXT NOT NULL PRIMARY KEY, value BIGINT NOT NULL)",
        "INSERT INTO counters (name, value) VALUES ('events', 0)",
    ):
        connection.exec_driver_sql(statement)


def _m0002_indexes_for_learning(connection: sa.Connection) -> None:
    connection.exec_driver_sql("CREATE INDEX interactions_by_skill ON interactions (skill, at)")
    connection.exec_driver_sql("CREATE INDEX interactions_by_time ON interactions (at)")


def _m0003_people(connection: sa.Connection) -> None:
    instant = _INSTANT[connection.dialect.name]
    for statement in (
        "CREATE TABLE people (user_id TEXT NOT NULL PRIMARY KEY, neutral BOOLEAN NOT NULL)",
        f"""CREATE TABLE enabled (
            user_id TEXT NOT NULL,
            skill TEXT NOT NULL,
            enabled_at {instant} NOT NULL,
            enabled_by TEXT NOT NULL,
            PRIMARY KEY (user_id, skill)
        )""",
        "CREATE INDEX enabled_by_skill ON enabled (skill)",
        """CREATE TABLE uses (
            user_id TEXT NOT NULL,
            skill TEXT NOT NULL,
            use JSON NOT NULL,
            strength DOUBLE PRECISION NOT NULL,
            PRIMARY KEY (user_id, skill)
        )""",
        "CREATE INDEX uses_by_skill ON uses (skill)",
    ):
        connection.exec_driver_sql(statement)


def _m0004_safe_ground(connection: sa.Connection) -> None:
    instant = _INSTANT[connection.dialect.name]
    for statement in (
        "ALTER TABLE interactions ADD COLUMN basis TEXT NOT NULL DEFAULT 'words'",
        "CREATE INDEX interactions_out_of_the_blue ON interactions (at, outcome, basis, skill) "
        "WHERE outcome = 'act' AND basis IN ('words', 'trial')",
        f"""CREATE TABLE trials (
            skill TEXT NOT NULL PRIMARY KEY,
            since {instant} NOT NULL,
            approved_at {instant},
            approved_by TEXT
        )""",
    ):
        connection.exec_driver_sql(statement)


def _m0005_what_learning_reads(connection: sa.Connection) -> None:
    instant = _INSTANT[connection.dialect.name]
    columns = (
        "device_id TEXT",
        "device_type TEXT",
        "side_effects BOOLEAN",
        "offered JSON",
        "said TEXT",
        "rewrite TEXT",
        "arm TEXT",
    )
    for column in columns:
        connection.exec_driver_sql(f"ALTER TABLE interactions ADD COLUMN {column}")
    for statement in (
        f"""CREATE TABLE signals (
            user_id TEXT NOT NULL,
            conversation TEXT NOT NULL,
            turn INTEGER NOT NULL,
            kind TEXT NOT NULL,
            value DOUBLE PRECISION NOT NULL,
            at {instant} NOT NULL,
            received_at {instant} NOT NULL,
            PRIMARY KEY (user_id, conversation, turn, kind)
        )""",
        f"""CREATE TABLE undone (
            user_id TEXT NOT NULL,
            said TEXT NOT NULL,
            meant TEXT NOT NULL,
            at {instant} NOT NULL,
            PRIMARY KEY (user_id, said, meant)
        )""",
        f"""CREATE TABLE votes (
            kind TEXT NOT NULL,
            item BIGINT NOT NULL,
            voter BIGINT NOT NULL,
            at {instant} NOT NULL,
            PRIMARY KEY (kind, item, voter)
        )""",
        "CREATE INDEX votes_by_voter ON votes (voter)",
    ):
        connection.exec_driver_sql(statement)


def _m0006_asked_whether_right(connection: sa.Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE interactions ADD COLUMN asked BOOLEAN")


def _m0007_conversations_grow_old(connection: sa.Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE conversations ADD COLUMN turn INTEGER")


MIGRATIONS: Sequence[Migration] = (
    _m0001_first_tables,
    _m0002_indexes_for_learning,
    _m0003_people,
    _m0004_safe_ground,
    _m0005_what_learning_reads,
    _m0006_asked_whether_right,
    _m0007_conversations_grow_old,
)


def name_of(migration: Migration) -> str:
    """Its name in the table `migrations`: `0001_first_tables`."""
    return migration.__name__.removeprefix("_m")


def migrate(database: Database) -> list[str]:
    """Bring the store up to date; the names of what was applied.

    Several processes may do so at once: each migration is applied by one of them. Raises
    StoreError if the store is newer than this Sayso, and changes nothing then.
    """
    done: list[str] = []
    with database.reading() as connection:
        pending = _pending(connection, database.name)
    while pending:
        with database.writing() as connection:
            lock(connection)
            pending = _pending(connection, database.name)
            if pending:
                apply(connection, pending[:1])
                done.append(name_of(pending[0]))
    return done


def apply(connection: sa.Connection, migrations: Sequence[Migration]) -> None:
    """Apply these in order, inside the transaction of `connection`."""
    instant = _INSTANT[connection.dialect.name]
    connection.exec_driver_sql(
        "CREATE TABLE IF NOT EXISTS migrations "
        f"(name TEXT NOT NULL PRIMARY KEY, applied_at {instant} NOT NULL)"
    )
    for migration in migrations:
        migration(connection)
        connection.execute(
            tables.migrations.insert(),
            {"name": name_of(migration), "applied_at": datetime.now(UTC)},
        )


def lock(connection: sa.Connection) -> None:
    """Keep other processes from changing tables until the transaction ends.

    SQLite needs nothing: a transaction that writes is alone.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))


def split(applied: Sequence[str], where: str) -> tuple[Sequence[Migration], Sequence[Migration]]:
    """Migrations that a store or backup with these applied has, and those that it lacks.

    Raises StoreError if it has one that this Sayso does not know.
    """
    unknown = sorted(set(applied) - {name_of(migration) for migration in MIGRATIONS})
    if unknown:
        raise StoreError(
            f"{where}: made by a newer Sayso ({unknown[-1]}); run: pip install --upgrade sayso"
        )
    return MIGRATIONS[: len(applied)], MIGRATIONS[len(applied) :]


def _pending(connection: sa.Connection, where: str) -> Sequence[Migration]:
    if not sa.inspect(connection).has_table(tables.migrations.name):
        return MIGRATIONS
    return split(applied(connection), where)[1]


def applied(connection: sa.Connection) -> list[str]:
    """Names of the migrations that the store has, in order."""
    names = sa.select(tables.migrations.c.name).order_by(tables.migrations.c.name)
    return list(connection.execute(names).scalars())
