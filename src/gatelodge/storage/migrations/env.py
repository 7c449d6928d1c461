"""Run by Alembic: apply the steps on the connection `migrate` opened."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, text

from gatelodge.storage.columns import Converted, Name
from gatelodge.storage.tables import metadata


def render_plain_types(kind: str, item: Any, _autogen_context: Any) -> str | Literal[False]:
    """Write a column's stored type into a new step: our own types may change, steps may not."""
    if kind == "type" and isinstance(item, Converted):
        return f"sa.{type(item.impl_instance).__name__}()"
    if kind == "type" and isinstance(item, Name):
        return "sa.Text()"
    return False


def order_by_code_points(connection: Connection) -> None:
    """Let text compare by code points (collation "C"), whatever the database was created with.

    SQLite always does. A language's collation may call different names equal, cannot answer how a
    name begins from an index, and changes with the operating system's library, which would leave
    the indexes wrong.
    """
    wrong = connection.execute(
        text(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND data_type = 'text'"
            " AND collation_name IS DISTINCT FROM 'C' AND table_name <> 'alembic_version'"
        )
    )
    quote = connection.dialect.identifier_preparer.quote
    columns: dict[str, list[str]] = {}
    for table, column in wrong:
        change = f'ALTER COLUMN {quote(column)} TYPE TEXT COLLATE "C"'
        columns.setdefault(table, []).append(change)
    for table, changes in columns.items():
        connection.execute(text(f"ALTER TABLE {quote(table)} {', '.join(changes)}"))


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=render_plain_types,
)
with context.begin_transaction():
    context.run_migrations()
    if context.get_context().dialect.name == "postgresql":
        order_by_code_points(context.config.attributes["connection"])
