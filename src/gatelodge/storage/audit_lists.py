"""The two lists the audit log is read in, the newest first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from sqlalchemy import Text, bindparam, or_, select

from gatelodge.model.audit import AuditEvent
from gatelodge.model.audit_activity import AuditKind, kind_of
from gatelodge.model.directory_audit import (
    DirectoryAudit,
    Known,
    SignIn,
    directory_audit,
    sign_in,
)
from gatelodge.model.query import AllOf, Comparator, Comparison, Filter, Order, Page, Slice
from gatelodge.storage import tables
from gatelodge.storage.audit_events import AuditEvents
from gatelodge.storage.audit_filters import (
    DIRECTORY_WORDS,
    SIGN_IN_WORDS,
    Word,
    in_columns,
    texts_in,
)
from gatelodge.storage.condition import Scope
from gatelodge.storage.listing import Lists
from gatelodge.storage.statement import Query
from gatelodge.storage.stores import Stores

T = TypeVar("T")
_EVENT = tables.audit_event.c
_NEWEST_FIRST = (Order("at", is_descending=True),)
_SIZES = (2, 20, 200, 2000)


async def _event(stores: Stores, key: str) -> AuditEvent | None:
    return await stores.audit_events.get(key)


_EVENTS: Lists[AuditEvent] = Lists(
    record=AuditEvents.record,
    scope=Scope(
        columns=dict(_EVENT.items()),
        folded={"id": _EVENT.id},
        open_prefix="code",
        open_column=_EVENT.detail,
    ),
    key=_EVENT.id,
    key_of_value=lambda it: it.id,
    find=_event,
)


def _names_query(size: int) -> Query:
    asked = [bindparam(f"id{number}", type_=Text()) for number in range(size)]
    account, application = tables.account.c, tables.application.c
    here = bindparam("of_directory", type_=Text())
    people = select(account.id, account.id, account.display_name).where(
        account.directory_id == here, account.id.in_(asked)
    )
    programs = select(application.id, application.app_id, application.display_name).where(
        application.directory_id == here,
        or_(application.id.in_(asked), application.app_id.in_(asked)),
    )
    return Query(people.union_all(programs))


_NAMES = {size: _names_query(size) for size in _SIZES}


async def known(stores: Stores, ids: Sequence[str]) -> dict[str, Known]:
    """Return what accounts and applications are called, by object id and by client id."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    found: dict[str, Known] = {}
    size = next(each for each in _SIZES if each >= len(wanted))
    wanted += [wanted[0]] * (size - len(wanted))
    rows = await stores.connection.all(
        _NAMES[size],
        of_directory=stores.directory_id,
        **{f"id{number}": each for number, each in enumerate(wanted)},
    )
    for id, other_id, name in rows:
        app_id = None if other_id == id else other_id
        found[id] = found[other_id] = Known(id=id, display_name=name, app_id=app_id)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditList(Generic[T]):
    """One kind of events, each shown with the names behind its ids.

    `at`, `is_success`, `correlation_id`, `ip_address` and `id` may be filtered by, `name`, `actor`
    and `target` of the event, and `words`.
    """

    kind: AuditKind
    show: Callable[[AuditEvent, Mapping[str, Known]], T]
    words: Mapping[str, Word]

    async def page(self, stores: Stores, part: Slice) -> Page:
        """Return a part of the list, the newest first unless another order is asked for."""
        order = part.order or _NEWEST_FIRST
        where = await self._only(stores, part.where)
        page = await _EVENTS.page(stores, replace(part, where=where, order=order))
        return replace(page, values=tuple(await self._shown(stores, page.values)))

    async def count(self, stores: Stores, where: Filter | None) -> int:
        """Return the length of the list."""
        return await _EVENTS.count(stores, await self._only(stores, where))

    async def find(self, stores: Stores, key: str) -> T | None:
        """Return one entry by its id."""
        event = await stores.audit_events.get(key.lower())
        if event is None or kind_of(event.name) is not self.kind:
            return None
        return (await self._shown(stores, (event,)))[0]

    async def _only(self, stores: Stores, where: Filter | None) -> Filter:
        kind = Comparison("kind", Comparator.EQ, self.kind.value)
        if where is None:
            return kind
        found = await known(stores, texts_in(where, self.words))
        return AllOf((kind, in_columns(where, self.words, found)))

    async def _shown(self, stores: Stores, events: Sequence[AuditEvent]) -> list[T]:
        ids = [id for event in events for id in (event.actor, event.target)]
        found = await known(stores, ids)
        return [self.show(event, found) for event in events]


DIRECTORY_AUDITS: AuditList[DirectoryAudit] = AuditList(
    kind=AuditKind.DIRECTORY, show=directory_audit, words=DIRECTORY_WORDS
)
SIGN_INS: AuditList[SignIn] = AuditList(kind=AuditKind.SIGN_IN, show=sign_in, words=SIGN_IN_WORDS)
