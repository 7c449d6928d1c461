"""Hand somebody all that is stored about them, as a file."""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import msgspec

from gatelodge.journeys.outcome import Outcome, Show
from gatelodge.journeys.own_account.task import Situation
from gatelodge.model.account import Account
from gatelodge.pages.form import Submitted, pressed
from gatelodge.pages.own_account import data_page
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores

_OURS = frozenset({"directory_id", "account_id", "revision", "deleted_at"})
"""What only says where a row lies."""

_SECRETS = {
    "passwords": ("hash",),
    "secondFactors": ("sealed_secret", "last_step"),
    "passkeys": ("public_key", "sign_count"),
    "sessions": ("id",),
    "devices": ("device_id",),
    "grants": ("session_id", "nonce"),
}
"""What lets somebody in, or is the digest of it."""


@dataclass(frozen=True, slots=True)
class OwnData:
    """Shows a link to the file. The page carries it, so that no address leads to it."""

    database: Database

    async def enter(self, situation: Situation) -> Outcome:
        """Gather everything and offer it."""
        stores = self.database.read(situation.account.directory_id)
        gathered = await _gathered(stores, situation.account)
        text = json.dumps(gathered, indent=2, ensure_ascii=False)
        encoded = base64.b64encode(text.encode("utf-8", "replace")).decode()
        return Show(page=data_page(href=f"data:application/json;base64,{encoded}"))

    async def submit(self, situation: Situation, form: Submitted) -> Outcome:
        """Lead back."""
        page = data_page(href="")
        return situation.back() if pressed(page, form) == "cancel" else await self.enter(situation)


async def _gathered(stores: Stores, account: Account) -> dict[str, Any]:
    password = await stores.passwords.get(account.id)
    kept: dict[str, Iterable[Any]] = {
        "passwords": () if password is None else (password,),
        "secondFactors": await stores.second_factors.of_account(account.id),
        "passkeys": await stores.passkeys.of_account(account.id),
        "sessions": await stores.sessions.all_of(account.id),
        "devices": await stores.known_devices.all_of(account.id),
        "consents": await stores.consents.of_account(account.id),
        "grants": await stores.grants.all_of(account.id),
    }
    told = {
        name: [_without_secrets(each, _SECRETS.get(name, ())) for each in values]
        for name, values in kept.items()
    }
    return {"account": _without_secrets(account), **told}


def _without_secrets(value: Any, secrets: tuple[str, ...] = ()) -> Mapping[str, Any]:  # noqa: ANN401
    left = [each.name for each in fields(value) if each.name not in _OURS | set(secrets)]
    plain = {_camel_case(name): getattr(value, name) for name in left}
    built: Mapping[str, Any] = msgspec.to_builtins(plain)
    return built


def _camel_case(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(each.capitalize() for each in rest)
