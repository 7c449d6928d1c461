"""Open a database by its URL."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from gatelodge.errors import Invalid, Problem
from gatelodge.storage.database import Database


async def open_database(url: str, *, connections: int = 10) -> Database:
    """Open `sqlite:///relative.db`, `sqlite:////absolute.db` or `postgresql://…`.

    `connections` bounds a server's pool and means nothing to SQLite. The schema has to be there
    (`migrate`). Raises `Invalid` for any other URL. Drivers are imported when they are needed:
    loading the one that is not would be a fifth of the start-up time.
    """
    scheme = urlsplit(url).scheme
    if scheme == "sqlite":
        from gatelodge.storage.sqlite import SqliteDatabase

        return SqliteDatabase(sqlite_path(url))
    if scheme in {"postgresql", "postgres"}:
        from gatelodge.storage.postgresql import open_postgresql

        return await open_postgresql(url, connections=connections)
    raise Invalid(Problem("database", f"'{scheme}' is no database we know: sqlite or postgresql"))


def sqlite_path(url: str) -> Path:
    """Return the file a `sqlite:///…` URL names."""
    return Path(unquote(url.removeprefix("sqlite:///")))
