"""`/policies`: what a directory allows as a whole."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from gatelodge.graph.body import merged
from gatelodge.graph.change import Change, Given, Situation
from gatelodge.graph.edm import (
    Access,
    ComplexType,
    Door,
    EntitySet,
    EntityType,
    Primitive,
    Property,
    Read,
    Update,
    Writable,
)
from gatelodge.graph.few import One
from gatelodge.model.audit import EventName
from gatelodge.model.directory_policy import (
    AuthenticationFlowsPolicy,
    AuthenticationMethodsPolicy,
    DirectoryPolicies,
    SelfServiceSignUp,
)
from gatelodge.storage.stores import Stores

_ROLES = ("Authentication Policy Administrator", "Global Administrator")


def _access(*permissions: str, roles: tuple[str, ...] = _ROLES) -> Access:
    return Access(application=permissions, delegated=permissions, roles=roles)


_METHODS, _FLOWS = (
    "Policy.ReadWrite.AuthenticationMethod",
    "Policy.ReadWrite.AuthenticationFlows",
)
_READERS = ("Global Reader", *_ROLES)


async def _policies(stores: Stores) -> DirectoryPolicies:
    return (await stores.directories.require(stores.directory_id)).policies


async def _methods(stores: Stores, _: str) -> AuthenticationMethodsPolicy:
    return (await _policies(stores)).authentication_methods


async def _flows(stores: Stores, _: str) -> AuthenticationFlowsPolicy:
    return (await _policies(stores)).authentication_flows


def _changing(
    attribute: str,
) -> Callable[[Situation, Any, Given], Coroutine[Any, Any, Change]]:
    async def change(situation: Situation, policy: Any, given: Given) -> Change:  # noqa: ANN401
        changed = merged(policy, given)
        directory = await situation.stores.directories.require(situation.directory.id)
        policies = replace(directory.policies, **{attribute: changed})

        async def write(stores: Stores) -> None:
            await stores.directories.save(replace(directory, policies=policies))

        return Change(changed, write)

    return change


def _flag(name: str, doc: str, **more: Any) -> Property:  # noqa: ANN401
    return Property(name=name, type=Primitive.BOOLEAN, doc=doc, **more)


_ID = Property(name="id", type=Primitive.STRING, writable=Writable.NEVER, doc="Always the same.")
METHODS_POLICY = EntityType(
    name="b2cAuthenticationMethodsPolicy",
    python=AuthenticationMethodsPolicy,
    doc="Which kinds of local accounts there may be; a user flow chooses one of them.",
    properties=(
        _ID,
        _flag("isEmailPasswordAuthenticationEnabled", "An email address and a password."),
        _flag("isUserNameAuthenticationEnabled", "A user name and a password."),
        _flag("isPhoneOneTimePasswordAuthenticationEnabled", "A telephone number and a code."),
    ),
)
FLOWS_POLICY = EntityType(
    name="authenticationFlowsPolicy",
    python=AuthenticationFlowsPolicy,
    doc="Whether user flows for other organizations let people sign themselves up.",
    properties=(
        _ID,
        Property(
            name="displayName", type=Primitive.STRING, max_length=256, doc="What it is called."
        ),
        Property(name="description", type=Primitive.STRING, max_length=1000, doc="What it means."),
        Property(
            name="selfServiceSignUp",
            type=ComplexType(
                name="selfServiceSignUpAuthenticationFlowConfiguration",
                doc="Whether people may sign themselves up.",
                python=SelfServiceSignUp,
                properties=(_flag("isEnabled", "Whether they may."),),
            ),
            doc="Whether people may sign themselves up.",
        ),
    ),
)

METHODS_POLICIES = EntitySet(
    title="Authentication methods policy",
    entity=METHODS_POLICY,
    doors=(Door(path="/policies/b2cAuthenticationMethodsPolicy", declared=METHODS_POLICY),),
    source=One(read=_methods),
    is_single=True,
    read=Read(access=_access("Policy.Read.All", _METHODS, roles=_READERS)),
    update=Update(
        access=_access(_METHODS),
        event=EventName.DIRECTORY_UPDATED,
        prepare=_changing("authentication_methods"),
        is_silent=True,
    ),
)
FLOWS_POLICIES = EntitySet(
    title="Authentication flows policy",
    entity=FLOWS_POLICY,
    doors=(Door(path="/policies/authenticationFlowsPolicy", declared=FLOWS_POLICY),),
    source=One(read=_flows),
    is_single=True,
    read=Read(access=_access("Policy.Read.All", _FLOWS, roles=_READERS)),
    update=Update(
        access=_access(_FLOWS),
        event=EventName.DIRECTORY_UPDATED,
        prepare=_changing("authentication_flows"),
        is_silent=True,
    ),
)
