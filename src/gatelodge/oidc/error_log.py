"""What errors leave behind: an event under the correlation id that whoever saw one can quote."""

from dataclasses import dataclass

from gatelodge.clock import Clock
from gatelodge.model.audit import AuditEvent, EventName
from gatelodge.oidc.errors import Code
from gatelodge.oidc.provider import Provider
from gatelodge.randomness import Randomness
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores


@dataclass(frozen=True, slots=True)
class ErrorLog:
    """Writes errors down for the administrators of the directory they happened in."""

    database: Database
    clock: Clock
    randomness: Randomness

    async def note(
        self, provider: Provider, code: Code, correlation_id: str, *, client_id: str | None = None
    ) -> None:
        """Write one error down; `client_id` is that of an application we know."""
        event = self.event(provider, code, correlation_id, client_id=client_id)

        async def work(stores: Stores) -> None:
            await stores.audit_events.add(event)

        await self.database.write(event.directory_id, work)

    def event(
        self, provider: Provider, code: Code, correlation_id: str, *, client_id: str | None = None
    ) -> AuditEvent:
        """Return the event itself, for a transaction of the caller's."""
        directory_id, flow = provider.directory.id, provider.user_flow
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
