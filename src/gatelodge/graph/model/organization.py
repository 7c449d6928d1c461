"""`/organization` and `/domains`: the directory itself."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from gatelodge.graph.change import Change, Given, Situation
from gatelodge.graph.edm import (
    Access,
    Asked,
    ComplexType,
    Door,
    EntitySet,
    EntityType,
    Family,
    Primitive,
    Property,
    Read,
    Update,
    Writable,
)
from gatelodge.graph.few import Few
from gatelodge.graph.model.branding import ORGANIZATION_BRANDING
from gatelodge.model.audit import EventName
from gatelodge.storage.stores import Stores


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedDomain:
    """A domain as the organization lists it."""

    name: str
    capabilities: str = "Email"
    is_default: bool = True
    is_initial: bool = True
    type: str = "Managed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """A directory as Graph shows it."""

    id: str
    display_name: str
    created_at: datetime
    verified_domains: tuple[VerifiedDomain, ...]
    tenant_type: str = "AAD B2C"


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """A domain of the directory: the issuer of local names, or a host of the directory's own."""

    id: str
    authentication_type: str = "Managed"
    is_admin_managed: bool = True
    is_default: bool = True
    is_initial: bool = True
    is_root: bool = True
    is_verified: bool = True
    supported_services: tuple[str, ...] = ()
    is_login_host: bool = False


def _fixed(name: str, type: Primitive, doc: str, **more: Any) -> Property:  # noqa: ANN401
    return Property(name=name, type=type, doc=doc, writable=Writable.NEVER, **more)


_STRING, _BOOLEAN = Primitive.STRING, Primitive.BOOLEAN
ORGANIZATION = EntityType(
    name="organization",
    python=Organization,
    doc="The directory itself.",
    navigations=(ORGANIZATION_BRANDING,),
    properties=(
        _fixed("id", _STRING, "The tenant's id.", asked=Asked.EVERYTHING),
        Property(
            name="displayName",
            type=_STRING,
            max_length=256,
            asked=Asked.EVERYTHING,
            doc="Its name, which people see.",
        ),
        _fixed("createdDateTime", Primitive.DATE_TIME, "When it was made.", attribute="created_at"),
        _fixed("tenantType", _STRING, "What it is for: AAD B2C."),
        Property(
            name="verifiedDomains",
            type=ComplexType(
                name="verifiedDomain",
                doc="A domain of the directory.",
                python=VerifiedDomain,
                properties=(
                    Property(name="name", type=_STRING, doc="The domain."),
                    Property(name="capabilities", type=_STRING, doc="What it is used for."),
                    Property(name="isDefault", type=_BOOLEAN, doc="Whether it is the default."),
                    Property(name="isInitial", type=_BOOLEAN, doc="Whether it came first."),
                    Property(name="type", type=_STRING, doc="Who manages it."),
                ),
            ),
            is_collection=True,
            writable=Writable.NEVER,
            doc="Its domains.",
        ),
    ),
)
DOMAIN = EntityType(
    name="domain",
    python=Domain,
    doc="A domain of the directory: the issuer of local sign-in names, or a host of the "
    "directory's own. The operator gives a directory its hosts.",
    properties=(
        _fixed("id", _STRING, "The domain.", asked=Asked.EVERYTHING),
        _fixed("authenticationType", _STRING, "Who manages it."),
        _fixed("isAdminManaged", _BOOLEAN, "Whether administrators manage it."),
        _fixed("isDefault", _BOOLEAN, "Whether it is the default.", asked=Asked.EQUALITY),
        _fixed("isInitial", _BOOLEAN, "Whether it came first.", asked=Asked.EQUALITY),
        _fixed("isRoot", _BOOLEAN, "Whether it is no part of another."),
        _fixed("isVerified", _BOOLEAN, "Whether it is the directory's.", asked=Asked.EQUALITY),
        _fixed("supportedServices", _STRING, "What it is used for.", is_collection=True),
        _fixed(
            "isLoginHost",
            _BOOLEAN,
            "Whether user flows are found at it, and those of no other directory. An extension of "
            "ours.",
            asked=Asked.EQUALITY,
        ),
    ),
)


async def _organizations(stores: Stores) -> Sequence[Organization]:
    directory = await stores.directories.require(stores.directory_id)
    return [
        Organization(
            id=directory.id,
            display_name=directory.display_name,
            created_at=directory.created_at,
            verified_domains=(
                VerifiedDomain(name=directory.domain),
                *(
                    VerifiedDomain(
                        name=each.name, capabilities="None", is_default=False, is_initial=False
                    )
                    for each in stores.own_hosts.of(directory)
                ),
            ),
        )
    ]


async def _domains(stores: Stores) -> Sequence[Domain]:
    directory = await stores.directories.require(stores.directory_id)
    hosts = [
        Domain(id=each.name, is_default=False, is_initial=False, is_root=False, is_login_host=True)
        for each in stores.own_hosts.of(directory)
    ]
    return [Domain(id=directory.domain), *hosts]


async def _changed(situation: Situation, organization: Organization, given: Given) -> Change:
    directory = await situation.stores.directories.require(situation.directory.id)
    name = given.get("display_name", organization.display_name)

    async def write(stores: Stores) -> None:
        await stores.directories.save(replace(directory, display_name=name))

    return Change(replace(organization, display_name=name), write)


def _access(*permissions: str, roles: tuple[str, ...]) -> Access:
    return Access(application=permissions, delegated=permissions, roles=roles)


_READERS = ("Directory Readers", "Global Reader", "Global Administrator")
_EVERYTHING = ("Directory.Read.All", "Directory.ReadWrite.All")
ORGANIZATIONS = EntitySet(
    title="Organization",
    entity=ORGANIZATION,
    doors=(Door(path="/organization", declared=ORGANIZATION),),
    source=Few(every=_organizations),
    family=Family.DIRECTORY,
    read=Read(
        access=_access(
            "Organization.Read.All", "Organization.ReadWrite.All", *_EVERYTHING, roles=_READERS
        )
    ),
    update=Update(
        access=_access(
            "Organization.ReadWrite.All",
            "Directory.ReadWrite.All",
            roles=("Global Administrator",),
        ),
        event=EventName.DIRECTORY_UPDATED,
        prepare=_changed,
        is_silent=True,
    ),
)
DOMAINS = EntitySet(
    title="Domains",
    entity=DOMAIN,
    doors=(Door(path="/domains", declared=DOMAIN),),
    source=Few(every=_domains),
    family=Family.DIRECTORY,
    read=Read(
        access=_access("Domain.Read.All", "Domain.ReadWrite.All", *_EVERYTHING, roles=_READERS)
    ),
)
