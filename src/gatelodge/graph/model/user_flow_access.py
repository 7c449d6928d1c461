"""Who may read and change user flows and what they contain, and how a change is saved."""

from gatelodge.graph.change import Change
from gatelodge.graph.edm import Access
from gatelodge.model.user_flow import UserFlow
from gatelodge.storage.stores import Stores

_WRITERS = ("External ID User Flow Administrator", "Global Administrator")
READ = Access(
    application=("IdentityUserFlow.Read.All", "IdentityUserFlow.ReadWrite.All"),
    delegated=("IdentityUserFlow.Read.All", "IdentityUserFlow.ReadWrite.All"),
    roles=("Global Reader", *_WRITERS),
)
WRITE = Access(
    application=("IdentityUserFlow.ReadWrite.All",),
    delegated=("IdentityUserFlow.ReadWrite.All",),
    roles=_WRITERS,
)


def kept(flow: UserFlow, answer: object = None) -> Change:
    """Return the change that saves a user flow unless somebody else changed it meanwhile."""

    async def write(stores: Stores) -> None:
        await stores.user_flows.save(flow)

    return Change(answer, write, after=flow)
