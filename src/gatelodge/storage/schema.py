"""Whether a database has the schema this version needs, told without loading Alembic.

Loading it costs more than everything else a start does when there is nothing to migrate.
"""

import sqlite3
from contextlib import closing
from importlib.resources import files

from gatelodge.storage.opening import sqlite_path

_REVISION = "SELECT version_num FROM alembic_version"


def needed_revision() -> str:
    """Return the revision of the newest step: steps are numbered in one line."""
    folder = files("gatelodge.storage") / "migrations" / "versions"
    steps = sorted(each.name for each in folder.iterdir() if each.name[0].isdigit())
    return steps[-1].partition("_")[0]


async def is_current(url: str) -> bool:
    """Return whether the database at `url` has every step."""
    found = _of_sqlite(url) if url.startswith("sqlite:") else await _of_postgresql(url)
    return found == needed_revision()


def _of_sqlite(url: str) -> str | None:
    path = sqlite_path(url)
    if not path.exists():
        return None
    with closing(sqlite3.connect(path)) as connection:
        try:
            row = connection.execute(_REVISION).fetchone()
        except sqlite3.OperationalError:
            return None
    return None if row is None else str(row[0])


async def _of_postgresql(url: str) -> str | None:
    import asyncpg

    connection = await asyncpg.connect(url)
    try:
        found = await connection.fetchval(_REVISION)
    except asyncpg.UndefinedTableError:
        return None
    finally:
        await connection.close()
    return None if found is None else str(found)
