"""Devices people signed in with before."""

from datetime import datetime

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from gatelodge.model.device import KnownDevice
from gatelodge.model.identifier import AccountId
from gatelodge.storage import tables
from gatelodge.storage.expiry import SLICE
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query
from gatelodge.storage.store import Store

_RECORD = Record(KnownDevice, tables.known_device, key=("account_id", "device_id", "network"))
_known = tables.known_device.c
_FIRST = insert(tables.known_device)
_NOTE = Query(
    _FIRST.on_conflict_do_update(
        index_elements=["directory_id", "account_id", "device_id", "network"],
        set_={
            "last_seen_at": _FIRST.excluded.last_seen_at,
            "expires_at": _FIRST.excluded.expires_at,
            "factor_at": func.coalesce(_FIRST.excluded.factor_at, _known.factor_at),
        },
    )
)
_OF_ACCOUNT = (_RECORD.of_directory(), _known.account_id == bindparam("account"))
_LIVE = (
    *_OF_ACCOUNT,
    _known.expires_at > bindparam("now", type_=_known.expires_at.type),
    _known.last_seen_at >= bindparam("since", type_=_known.last_seen_at.type),
)
_IS_DEVICE = _known.device_id == bindparam("device")
_IS_NETWORK = _known.network == bindparam("network")
_HAD_FACTOR = _known.factor_at >= bindparam("since", type_=_known.factor_at.type)
_COUNT_DEVICE = Query(select(func.count()).where(*_LIVE, _IS_DEVICE))
_COUNT_SURE_DEVICE = Query(select(func.count()).where(*_LIVE, _IS_DEVICE, _HAD_FACTOR))
_COUNT_SURE_NETWORK = Query(select(func.count()).where(*_LIVE, _IS_NETWORK, _HAD_FACTOR))
_ALL = Query(select(*_RECORD.columns).where(*_OF_ACCOUNT).order_by(_known.last_seen_at.desc()))
_FORGET = Query(delete(tables.known_device).where(*_OF_ACCOUNT))
_IS_EXPIRED = _known.expires_at < bindparam("before", type_=_known.expires_at.type)
# One network of a device can be expired while another is not, so the outer statement asks again.
_EXPIRED = Query(
    delete(tables.known_device).where(
        _RECORD.of_directory(),
        _IS_EXPIRED,
        _known.device_id.in_(
            select(_known.device_id).where(_RECORD.of_directory(), _IS_EXPIRED).limit(SLICE)
        ),
    )
)


class KnownDevices(Store[KnownDevice]):
    """Which devices and networks each account signed in from.

    `since` is the moment an account's sign-ins were last revoked: what was seen before it does
    not count.
    """

    record = _RECORD
    __slots__ = ()

    async def note(self, seen: KnownDevice) -> None:
        """Write a device down, or that it was seen again."""
        self._check_directory(seen)
        await self.connection.run(_NOTE, **_RECORD.parameters(seen))

    async def is_known(
        self,
        account_id: AccountId,
        device_id: str,
        *,
        now: datetime,
        since: datetime,
        with_factor: bool = False,
    ) -> bool:
        """Return whether the account signed in with this device, in whatever network.

        `with_factor` asks for a sign-in with a second factor.
        """
        asked = _COUNT_SURE_DEVICE if with_factor else _COUNT_DEVICE
        row = await self.one(asked, account=account_id, device=device_id, now=now, since=since)
        return row is not None and row[0] > 0

    async def is_known_network(
        self, account_id: AccountId, network: str, *, now: datetime, since: datetime
    ) -> bool:
        """Return whether the account showed a second factor in this network before."""
        row = await self.one(
            _COUNT_SURE_NETWORK, account=account_id, network=network, now=now, since=since
        )
        return row is not None and row[0] > 0

    async def all_of(self, account_id: AccountId) -> list[KnownDevice]:
        """Return the devices of an account, the one seen last first."""
        return [_RECORD.load(each) for each in await self.all(_ALL, account=account_id)]

    async def forget_all_of(self, account_id: AccountId) -> int:
        """Forget every device of an account."""
        return await self.run(_FORGET, account=account_id)

    async def sweep(self, before: datetime) -> int:
        """Delete a slice of what expired before that moment; return how many."""
        return await self.run(_EXPIRED, before=before)
