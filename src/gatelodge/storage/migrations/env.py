"""Run by Alembic: apply the steps on the connection `migrate` opened."""

from typing import Any, Literal

from alembic import context

from gatelodge.storage.columns import Converted, Name
from gatelodge.storage.tables import metadata


def render_plain_types(kind: str, item: Any, _autogen_context: Any) -> str | Literal[False]:
    """Write a column's stored type into a new step: our own types may change, steps may not."""
    if kind == "type" and isinstance(item, Converted):
        return f"sa.{type(item.impl_instance).__name__}()"
    if kind == "type" and isinstance(item, Name):
        return "sa.Text()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=render_plain_types,
)
with context.begin_transaction():
    context.run_migrations()
