"""`/identity/identityProviders` and `/identityProviders`."""

from collections.abc import Mapping
from typing import Any

from gatelodge.graph.edm import (
    Access,
    Create,
    Delete,
    Door,
    EntitySet,
    EntityType,
    Function,
    Primitive,
    Read,
    Update,
)
from gatelodge.graph.model.identity_provider_changes import (
    changed_identity_provider,
    new_identity_provider,
    removed_identity_provider,
)
from gatelodge.graph.model.identity_provider_types import (
    APPLE,
    BASE,
    BUILT_IN,
    OIDC,
    OLD,
    OLD_OPEN_ID_CONNECT,
    OPEN_ID_CONNECT,
    SAML,
    SOCIAL,
)
from gatelodge.model.audit import EventName
from gatelodge.model.identity_provider import IdentityProvider, ProviderKind
from gatelodge.model.new_identity_provider import PROVIDER_TYPES
from gatelodge.storage.identity_lists import IDENTITY_PROVIDERS as LISTS
from gatelodge.storage.stores import Stores

_WRITERS = ("External Identity Provider Administrator", "Global Administrator")
_WRITE = ("IdentityProvider.ReadWrite.All",)
_READ = ("IdentityProvider.Read.All", *_WRITE)
READ = Access(application=_READ, delegated=_READ, roles=("Global Reader", *_WRITERS))
WRITE = Access(application=_WRITE, delegated=_WRITE, roles=_WRITERS)

_TYPES: Mapping[ProviderKind, EntityType] = {
    ProviderKind.SOCIAL: SOCIAL,
    ProviderKind.BUILT_IN: BUILT_IN,
    ProviderKind.APPLE: APPLE,
    ProviderKind.OPEN_ID_CONNECT: OPEN_ID_CONNECT,
    ProviderKind.OIDC: OIDC,
    ProviderKind.SAML: SAML,
}


async def _available(_: Stores, __: object) -> tuple[str, ...]:
    return PROVIDER_TYPES


def _type_of(provider: IdentityProvider) -> EntityType:
    return _TYPES[provider.kind]


def _old_type_of(provider: IdentityProvider) -> EntityType:
    return OLD_OPEN_ID_CONNECT if provider.kind is ProviderKind.OPEN_ID_CONNECT else OLD


def _writing(example: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "read": Read(access=READ),
        "create": Create(
            access=WRITE,
            event=EventName.IDENTITY_PROVIDER_CREATED,
            prepare=new_identity_provider,
            example=example,
        ),
        "update": Update(
            access=WRITE,
            event=EventName.IDENTITY_PROVIDER_UPDATED,
            prepare=changed_identity_provider,
            is_silent=True,
        ),
        "delete": Delete(
            access=WRITE,
            event=EventName.IDENTITY_PROVIDER_DELETED,
            prepare=removed_identity_provider,
        ),
        "functions": (
            Function(
                name="availableProviderTypes",
                doc="Which providers can be added.",
                access=READ,
                read=_available,
                result=Primitive.STRING,
                is_collection=True,
                is_of_collection=True,
            ),
        ),
    }


IDENTITY_PROVIDERS = EntitySet(
    title="Identity providers",
    entity=BASE,
    doors=(Door(path="/identity/identityProviders", declared=BASE),),
    source=LISTS,
    derived=(SOCIAL, BUILT_IN, APPLE, OPEN_ID_CONNECT, OIDC, SAML),
    type_of=_type_of,
    is_abstract=True,
    **_writing(
        {
            "@odata.type": "#microsoft.graph.socialIdentityProvider",
            "displayName": "Google",
            "identityProviderType": "Google",
            "clientId": "814ab8f0",
            "clientSecret": "a secret of that provider",
        }
    ),
)

OLD_IDENTITY_PROVIDERS = EntitySet(
    title="Identity providers in their older shape",
    entity=OLD,
    doors=(Door(path="/identityProviders", declared=OLD, entity=OLD),),
    source=LISTS,
    derived=(OLD_OPEN_ID_CONNECT,),
    type_of=_old_type_of,
    **_writing(
        {
            "name": "Facebook",
            "type": "Facebook",
            "clientId": "814ab8f0",
            "clientSecret": "a secret of that provider",
        }
    ),
)
