"""Sign people out at the provider they came from as well, as far as it lets us."""

from dataclasses import dataclass

from gatelodge.federation.connection import Connections
from gatelodge.federation.trouble import NotIdentified
from gatelodge.model.session import Session
from gatelodge.storage.database import Database


@dataclass(frozen=True, slots=True)
class UpstreamSignOut:
    """Finds the address at which a provider ends its session (OIDC RP-Initiated Logout §2)."""

    database: Database
    connections: Connections

    async def frames(self, session: Session) -> tuple[str, ...]:
        """Return what to load unseen; nothing where the provider has no such address.

        No token goes along, so a provider may ask the person first, and nobody waits for that.
        """
        if session.upstream is None:
            return ()
        stores = self.database.read(session.directory_id)
        provider = await stores.identity_providers.get(session.upstream.provider_id)
        if provider is None:
            return ()
        try:
            connection = await self.connections.of(provider)
        except NotIdentified:
            return ()
        address = connection.end_session_endpoint
        return () if address is None else (address,)
