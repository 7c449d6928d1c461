"""`/me`: the user of a delegated call."""

from gatelodge.graph.edm import Access, Door, EntitySet, Family, Read
from gatelodge.graph.errors import bad_request
from gatelodge.graph.few import One
from gatelodge.graph.model.users import ANY_ROLE, CHANGE_PASSWORD, READ, USER
from gatelodge.model.account import Account
from gatelodge.model.identifier import AccountId
from gatelodge.storage.stores import Stores

_OWN = ("User.Read", "User.ReadWrite", *READ.delegated)


async def _caller(stores: Stores, id: str) -> Account:
    account = await stores.accounts.get(AccountId(id))
    if account is None:
        raise bad_request("The request '/me' needs the token of a user.")
    return account


ME = EntitySet(
    title="Me",
    entity=USER,
    doors=(Door(path="/me", declared=USER),),
    source=One(read=_caller),
    is_single=True,
    family=Family.DIRECTORY,
    read=Read(access=Access(application=READ.application, delegated=_OWN, roles=ANY_ROLE)),
    actions=(CHANGE_PASSWORD,),
)
