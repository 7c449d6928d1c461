"""Devices that wait for somebody to sign in. Each change of their state is one statement."""

from datetime import datetime

from sqlalchemy import bindparam, select, update

from gatelodge.model.device_request import DeviceRequest
from gatelodge.model.identifier import GrantId
from gatelodge.storage import tables
from gatelodge.storage.expiry import slice_of
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query
from gatelodge.storage.store import Store

_RECORD = Record(DeviceRequest, tables.device_request)
_device = tables.device_request.c
_IS_IT = (_RECORD.of_directory(), _device.id == bindparam("of_request"))
_IS_OPEN = (
    _device.grant_id.is_(None),
    _device.is_refused == bindparam("no", value=False, type_=_device.is_refused.type),
    _device.expires_at > bindparam("now", type_=_device.expires_at.type),
)
_BY_USER_CODE = Query(
    select(*_RECORD.columns).where(
        _RECORD.of_directory(), _device.user_code == bindparam("of_code")
    )
)
_APPROVE = Query(
    update(tables.device_request)
    .where(*_IS_IT, *_IS_OPEN)
    .values(grant_id=bindparam("new_grant_id", type_=_device.grant_id.type))
)
_REFUSE = Query(update(tables.device_request).where(*_IS_IT, *_IS_OPEN).values(is_refused=True))
_POLL = Query(
    update(tables.device_request)
    .where(*_IS_IT)
    .values(
        polled_at=bindparam("new_polled_at", type_=_device.polled_at.type),
        interval_s=bindparam("new_interval_s", type_=_device.interval_s.type),
    )
)
_REDEEM = Query(
    update(tables.device_request)
    .where(*_IS_IT, _device.grant_id.is_not(None), _device.redeemed_at.is_(None))
    .values(redeemed_at=bindparam("new_redeemed_at", type_=_device.redeemed_at.type))
)
_EXPIRED = slice_of(tables.device_request, "id", _device.expires_at < bindparam("before"))


class DeviceRequests(Store[DeviceRequest]):
    """Waiting devices by the digest of their device code."""

    record = _RECORD
    __slots__ = ()

    async def by_user_code(self, user_code: str) -> DeviceRequest | None:
        """Return the device whose user code has this digest, or None."""
        return self.load(await self.one(_BY_USER_CODE, of_code=user_code))

    async def approve(self, request_id: str, grant_id: GrantId, now: datetime) -> bool:
        """Give a device the grant of who signed in for it; False when it waits no more."""
        return await self.run(_APPROVE, of_request=request_id, new_grant_id=grant_id, now=now) > 0

    async def refuse(self, request_id: str, now: datetime) -> bool:
        """Tell a device that nobody signs in for it; False when it waits no more."""
        return await self.run(_REFUSE, of_request=request_id, now=now) > 0

    async def note_poll(self, request_id: str, interval_s: int, now: datetime) -> None:
        """Remember when a device asked, and how long it has to wait before it asks again."""
        await self.run(_POLL, of_request=request_id, new_polled_at=now, new_interval_s=interval_s)

    async def redeem(self, request_id: str, now: datetime) -> bool:
        """Use a device code up; False when it was used before or nobody signed in."""
        return await self.run(_REDEEM, of_request=request_id, new_redeemed_at=now) > 0

    async def sweep(self, before: datetime) -> int:
        """Delete a slice of what expired before that moment; return how many."""
        return await self.run(_EXPIRED, before=before)
