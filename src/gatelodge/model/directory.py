"""A directory: one tenant with its users, user flows, applications, keys and issuer names."""

from dataclasses import dataclass, field
from datetime import datetime

from gatelodge.model.directory_policy import DirectoryPolicies
from gatelodge.model.identifier import ClientId, DirectoryId


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """What a directory may do otherwise; each is off unless asked for.

    All but the last are less safe than what we do without them.
    `gatelodge switch` sets them, and `gatelodge doctor` lists those that are on.
    """

    allows_pkce_plain: bool = False
    trims_passwords: bool = False
    redirects_after_logout_unchecked: bool = False
    tells_unknown_accounts: bool = False
    speaks_page_protocol: bool = False
    registers_applications: bool = False
    demands_proof_nonces: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """One tenant. `domain` is its default domain, the issuer of local sign-in names.

    `extensions_app_id` is the application that owns custom attributes: its id without dashes
    is part of their names on users.
    """

    id: DirectoryId
    domain: str
    display_name: str
    extensions_app_id: ClientId
    created_at: datetime
    switches: Switches = Switches()
    policies: DirectoryPolicies = field(default_factory=DirectoryPolicies)
    revision: int = 0
