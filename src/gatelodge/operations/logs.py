"""Records for machines: one JSON object a line, and only fields that are on a list."""

import json
import logging
import sys
from datetime import UTC, datetime

ALLOWED_FIELDS = (
    "error_id",
    "correlation_id",
    "directory_id",
    "client_id",
    "account_id",
    "interaction_id",
    "message_id",
    "attempts",
    "process_id",
)
"""What a record may carry beside its sentence. Ids, never values; anything else is dropped."""


class JsonLines(logging.Formatter):
    """Writes a record as one line, whatever its values contain."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        for name in ALLOWED_FIELDS:
            if (value := getattr(record, name, None)) is not None:
                line[name] = value
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def configure_logs(level: str, *, is_json: bool) -> None:
    """Send records of `level` and above to standard error.

    What libraries say counts from warning upwards: below, they write addresses and queries.
    """
    target = logging.StreamHandler(sys.stderr)
    if is_json:
        target.setFormatter(JsonLines())
    else:
        target.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(handlers=[target], level=level.upper(), force=True)
    for name in ("uvicorn", "uvicorn.error", "asyncio", "alembic", "httpx"):
        logging.getLogger(name).setLevel(logging.WARNING)
