"""`/trustFramework/policies`. Source: microsoft.graph.trustFrameworkPolicy (beta)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lxml import etree

from gatelodge.errors import Invalid, Problem
from gatelodge.graph.change import OCTETS, Change, Given, Situation
from gatelodge.graph.edm import (
    Access,
    Asked,
    Create,
    Delete,
    Door,
    EntitySet,
    EntityType,
    Primitive,
    Property,
    Read,
    Stream,
    Writable,
    WriteStream,
)
from gatelodge.graph.few import Few
from gatelodge.model.audit import EventName
from gatelodge.model.identifier import key_of
from gatelodge.model.trust_framework import MAX_POLICIES, TrustFrameworkPolicy
from gatelodge.storage.stores import Stores

_WRITERS = ("B2C IEF Policy Administrator", "Global Administrator")
_WRITE = ("Policy.ReadWrite.TrustFramework",)
_READ = ("Policy.Read.All", *_WRITE)
READ = Access(application=_READ, delegated=_READ, roles=("Global Reader", *_WRITERS))
WRITE = Access(application=_WRITE, delegated=_WRITE, roles=_WRITERS)
_XML = ("application/xml", "text/xml")
_ID = re.compile(r"B2C_1A_[A-Za-z0-9_-]{1,64}", re.ASCII | re.IGNORECASE)


def _invalid(message: str, target: str = "content") -> Invalid:
    return Invalid(Problem(target, message))


def policy_id(octets: bytes) -> str:
    """Return what a document calls itself; raise `Invalid` where it is no custom policy.

    Documents with a document type are refused: their entities could be files, or without end.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        octets.decode("utf-8")
        root = etree.fromstring(octets, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _invalid("The content must be XML in UTF-8.") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise _invalid("The content must not have a document type.")
    if etree.QName(root).localname != "TrustFrameworkPolicy":
        raise _invalid("The content must be a TrustFrameworkPolicy.")
    found = str(root.get("PolicyId", ""))
    if _ID.fullmatch(found) is None:
        message = "The PolicyId must be B2C_1A_ and at most 64 letters, digits, '_' or '-'."
        raise _invalid(message, "PolicyId")
    return found


def _named(octets: bytes, key: str) -> str:
    found = policy_id(octets)
    if key_of(found) != key_of(key):
        raise _invalid("The PolicyId must be that of the address.", "PolicyId")
    return found


async def _every(stores: Stores) -> Sequence[TrustFrameworkPolicy]:
    return await stores.trust_framework_policies.every()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Policies(Few):
    """The list without contents, and one policy with its own."""

    async def find(self, stores: Stores, key: str) -> TrustFrameworkPolicy | None:
        """Return the policy of an id, or None."""
        return await stores.trust_framework_policies.get(key)


async def _content(_: Stores, policy: TrustFrameworkPolicy) -> bytes:
    return policy.content.encode()


async def _new(situation: Situation, given: Given) -> Change:
    octets: bytes = given[OCTETS]
    id = policy_id(octets) if "id" not in given else _named(octets, given["id"])
    if len(await _every(situation.stores)) >= MAX_POLICIES:
        raise _invalid(f"A directory may have {MAX_POLICIES} custom policies.", "id")
    policy = TrustFrameworkPolicy(
        directory_id=situation.directory.id, id=id, content=octets.decode("utf-8")
    )
    return Change(policy, lambda stores: stores.trust_framework_policies.add(policy))


async def _replaced(_: Situation, policy: TrustFrameworkPolicy, octets: bytes) -> Change:
    _named(octets, policy.id)
    changed = replace(policy, content=octets.decode("utf-8"))

    async def write(stores: Stores) -> None:
        await stores.trust_framework_policies.save(changed)

    return Change(changed, write)


async def _removed(_: Situation, policy: TrustFrameworkPolicy, __: Given) -> Change:
    return Change(None, lambda stores: stores.trust_framework_policies.remove(policy.id))


_CREATE = Create(
    access=WRITE,
    event=EventName.TRUST_FRAMEWORK_POLICY_CREATED,
    prepare=_new,
    media_types=_XML,
)
POLICY = EntityType(
    name="trustFrameworkPolicy",
    python=TrustFrameworkPolicy,
    doc="A custom policy: an XML document that is kept and not run.",
    properties=(
        Property(
            name="id",
            type=Primitive.STRING,
            writable=Writable.NEVER,
            asked=Asked.EVERYTHING,
            doc="What the document calls itself, `PolicyId`; it begins with B2C_1A_.",
        ),
    ),
    stream=Stream(
        doc="The document, exactly as it was sent.",
        access=READ,
        read=_content,
        media_types=(*_XML, "application/octet-stream"),
        write=WriteStream(
            access=WRITE,
            event=EventName.TRUST_FRAMEWORK_POLICY_UPDATED,
            put=_replaced,
            make=_CREATE,
        ),
    ),
)
TRUST_FRAMEWORK_POLICIES = EntitySet(
    title="Custom policies",
    entity=POLICY,
    doors=(Door(path="/trustFramework/policies", declared=POLICY),),
    source=_Policies(every=_every),
    read=Read(access=READ),
    create=_CREATE,
    delete=Delete(access=WRITE, event=EventName.TRUST_FRAMEWORK_POLICY_DELETED, prepare=_removed),
)
