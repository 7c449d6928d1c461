"""Records for machines."""

import json
import logging
import sys

from gatelodge.operations.logs import JsonLines


def written(message: str, **fields: object) -> str:
    record = logging.LogRecord("gatelodge.test", logging.ERROR, "", 1, message, (), None)
    for name, value in fields.items():
        setattr(record, name, value)
    return JsonLines().format(record)


def test_a_record_is_one_line_whatever_was_typed() -> None:
    line = written('Ada\r\n{"level":"info"}\x1b[31m', error_id="1")
    assert "\n" not in line
    assert "\x1b" not in line
    assert json.loads(line)["message"] == 'Ada\r\n{"level":"info"}\x1b[31m'


def test_only_fields_on_the_list_are_written() -> None:
    found = json.loads(written("said", error_id="1", password="swordfish", email="a@b.example"))
    assert found["error_id"] == "1"
    assert found.keys() == {"time", "level", "logger", "message", "error_id"}


def test_a_traceback_stays_in_its_record() -> None:
    try:
        raise ValueError("first\nsecond")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "", 1, "failed", (), sys.exc_info())
    line = JsonLines().format(record)
    assert "\n" not in line
    assert "ValueError" in json.loads(line)["traceback"]
