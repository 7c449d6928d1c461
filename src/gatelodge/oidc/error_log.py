"""What errors leave behind: an event under the correlation id that whoever saw one can quote."""

import asyncio
import logging
from dataclasses import dataclass

from gatelodge.clock import Clock
from gatelodge.model.audit import AuditEvent, EventName
from gatelodge.oidc.error_limit import ErrorLimit, LeftOut
from gatelodge.oidc.errors import Code
from gatelodge.oidc.provider import Provider
from gatelodge.randomness import Randomness
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores

_log = logging.getLogger("gatelodge.errors")


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorLog:
    """Writes errors down for the administrators of the directory they happened in.

    Each has an event of its own, up to so many in a minute; the rest are told of together.
    """

    database: Database
    limit: ErrorLimit
    clock: Clock
    randomness: Randomness
    pause_s: float = 10.0

    async def note(
        self, provider: Provider, code: Code, correlation_id: str, *, client_id: str | None = None
    ) -> None:
        """Write one error down; `client_id` is that of an application we know."""
        event = self.event(provider, code, correlation_id, client_id=client_id)
        if event is not None:
            await self._write(event)

    def event(
        self, provider: Provider, code: Code, correlation_id: str, *, client_id: str | None = None
    ) -> AuditEvent | None:
        """Return the event itself, for a transaction of the caller's; None when it is one more."""
        directory_id, flow = provider.directory.id, provider.user_flow
        if not self.limit.admits(directory_id, code):
            return None
        return AuditEvent(
            directory_id=directory_id,
            id=self.randomness.uuid(),
            at=self.clock(),
            name=EventName.ERROR_TOLD,
            actor=client_id or directory_id,
            target=client_id or directory_id,
            is_success=False,
            correlation_id=correlation_id,
            detail={"code": str(code), **({} if flow is None else {"userFlow": flow.id})},
        )

    async def run(self) -> None:
        """Tell of what was left out for ever; a failure is logged and the next round goes on."""
        while True:
            await asyncio.sleep(self.pause_s)
            try:
                await self.tell_left_out()
            except Exception:  # noqa: BLE001 - a loop outlives every failure
                _log.exception("errors that were left out could not be told of")

    async def tell_left_out(self, *, at_once: bool = False) -> None:
        """Write one event for each code that was told too often within a minute."""
        for each in self.limit.take_left_out(at_once=at_once):
            await self._write(self._sum(each))

    def _sum(self, left_out: LeftOut) -> AuditEvent:
        return AuditEvent(
            directory_id=left_out.directory_id,
            id=self.randomness.uuid(),
            at=self.clock(),
            name=EventName.ERRORS_LEFT_OUT,
            actor=left_out.directory_id,
            target=left_out.directory_id,
            is_success=False,
            detail={
                "code": str(left_out.code),
                "times": str(left_out.times),
                "since": left_out.since.isoformat(timespec="seconds"),
            },
        )

    async def _write(self, event: AuditEvent) -> None:
        async def work(stores: Stores) -> None:
            await stores.audit_events.add(event)

        await self.database.write(event.directory_id, work)
