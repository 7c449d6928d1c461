"""The plans kept beside this file, filled in for one suite and one server."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ALIAS = "gatelodge"
_FOLDER = Path(__file__).parent / "configurations"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFile:
    """One plan: its name at the suite, its variant, and what its clients are registered with.

    `registration` is the body of Graph's application; `clients` are the names the suite's
    configuration has for them. Without clients the suite registers its own.
    """

    name: str
    plan: str
    variant: Mapping[str, str]
    clients: tuple[str, ...]
    registration: Mapping[str, Any]


def read_plans(suite_url: str, names: tuple[str, ...] = ()) -> list[PlanFile]:
    """Return the plans of these names, or every plan, with the suite's address in them."""
    known = sorted(each.stem for each in _FOLDER.glob("*.json"))
    if unknown := [each for each in names if each not in known]:
        raise SystemExit(f"There is no plan {unknown[0]}; there are {', '.join(known)}.")
    return [_read(name, suite_url) for name in names or known]


def _read(name: str, suite_url: str) -> PlanFile:
    text = (_FOLDER / f"{name}.json").read_text()
    found = json.loads(text.replace("{test}", f"{suite_url.rstrip('/')}/test/a/{ALIAS}"))
    return PlanFile(
        name=name,
        plan=found["plan"],
        variant=found["variant"],
        clients=tuple(found["clients"]),
        registration=found.get("registration", {}),
    )
