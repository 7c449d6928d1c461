"""Whether a database has the schema this version needs, told without loading Alembic.

Loading it costs more than everything else a start does when there is nothing to migrate.
"""

import sqlite3
from contextlib import closing
from importlib.resources import files
from urllib.parse import urlsplit

from gatelodge.errors import Invalid, Problem, Unavailable
from gatelodge.storage.opening import sqlite_path

_REVISION = "SELECT version_num FROM alembic_version"
_HAS_REVISION = "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"


def needed_revision() -> str:
    """Return the revision of the newest step: steps are numbered in one line."""
    folder = files("gatelodge.storage") / "migrations" / "versions"
    steps = sorted(each.name for each in folder.iterdir() if each.name[0].isdigit())
    return steps[-1].partition("_")[0]


async def is_current(url: str) -> bool:
    """Return whether the database at `url` has every step. Raises what `revision_of` raises."""
    return await revision_of(url) == needed_revision()


async def revision_of(url: str) -> str | None:
    """Return the last step the database at `url` has, None for an empty one.

    Raises `Invalid` for a database of a newer version, or one we cannot read, and `Unavailable`
    when it does not answer.
    """
    found = _of_sqlite(url) if url.startswith("sqlite:") else await _of_postgresql(url)
    if found is not None and found > needed_revision():
        raise _invalid(
            f"the database is of a newer version (schema {found}; this one knows "
            f"{needed_revision()}): run that version, or use another database"
        )
    return found


def _invalid(sentence: str) -> Invalid:
    return Invalid(Problem("database", sentence))


def _of_sqlite(url: str) -> str | None:
    path = sqlite_path(url)
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(path)) as connection:
            if not connection.execute(_HAS_REVISION).fetchone():
                return None
            row = connection.execute(_REVISION).fetchone()
    except sqlite3.DatabaseError as error:
        raise _invalid(f"the database {path} cannot be read: {error}") from error
    return None if row is None else str(row[0])


async def _of_postgresql(url: str) -> str | None:
    import asyncpg

    try:
        connection = await asyncpg.connect(url)
    except asyncpg.ClientConfigurationError as error:
        raise _invalid(f"the address of the database cannot be used: {error}") from error
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        # The place and never the whole address: there may be a password in it.
        parts = urlsplit(url)
        place = parts.netloc.rpartition("@")[2] + parts.path
        raise Unavailable(
            f"the database {place} cannot be opened: {error}; "
            "is PostgreSQL running there, and is the address of the database right?"
        ) from error
    try:
        found = await connection.fetchval(_REVISION)
    except asyncpg.UndefinedTableError:
        return None
    finally:
        await connection.close()
    return None if found is None else str(found)
