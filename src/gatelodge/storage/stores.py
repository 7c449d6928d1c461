"""The stores of one directory, bound to one connection."""

from dataclasses import dataclass, field

from gatelodge.model.identifier import DirectoryId
from gatelodge.model.own_host import OwnHosts
from gatelodge.storage.accounts import Accounts, Passwords
from gatelodge.storage.api_connectors import ApiConnectors
from gatelodge.storage.applications import Applications, PermissionGrants
from gatelodge.storage.audit_chain import AuditChain
from gatelodge.storage.audit_events import AuditEvents
from gatelodge.storage.authentication_events import (
    EventExtensions,
    EventListeners,
    EventsFlows,
)
from gatelodge.storage.brandings import Brandings, BrandPictures
from gatelodge.storage.connection import Connection
from gatelodge.storage.consents import Consents
from gatelodge.storage.deleted_objects import (
    DeletedAccounts,
    DeletedApplications,
    DeletedServicePrincipals,
)
from gatelodge.storage.device_requests import DeviceRequests
from gatelodge.storage.directories import Directories
from gatelodge.storage.failed_sources import FailedSources
from gatelodge.storage.grants import AuthorizationCodes, Grants, RefreshTokens
from gatelodge.storage.identity_providers import IdentityProviders
from gatelodge.storage.installations import Installations
from gatelodge.storage.interactions import Interactions, Proofs
from gatelodge.storage.known_devices import KnownDevices
from gatelodge.storage.lockouts import Lockouts
from gatelodge.storage.logout_notices import LogoutNotices
from gatelodge.storage.messages import Messages
from gatelodge.storage.page_overrides import PageOverrides
from gatelodge.storage.page_scripts import PageScripts
from gatelodge.storage.page_templates import PageTemplates
from gatelodge.storage.passkeys import Passkeys
from gatelodge.storage.pushed_requests import PushedRequests
from gatelodge.storage.second_factors import RecoveryCodes, SecondFactors
from gatelodge.storage.sent_codes import SentCodes
from gatelodge.storage.service_principals import ServicePrincipals
from gatelodge.storage.sessions import Sessions
from gatelodge.storage.sign_in_identifiers import SignInIdentifiers
from gatelodge.storage.signing_keys import SigningKeys
from gatelodge.storage.traces import Traces
from gatelodge.storage.trust_framework import TrustFrameworkPolicies
from gatelodge.storage.used_identifiers import UsedIdentifiers
from gatelodge.storage.user_flows import UserAttributes, UserFlows
from gatelodge.storage.user_roles import UserRoles


@dataclass(frozen=True, slots=True)
class Stores:
    """One attribute for each subject. Making a store is free, so they are made when asked for."""

    connection: Connection
    directory_id: DirectoryId
    own_hosts: OwnHosts = field(default_factory=OwnHosts)

    @property
    def installations(self) -> Installations:
        """Whose database this is."""
        return Installations(self.connection)

    @property
    def directories(self) -> Directories:
        """Every directory of the installation, this one among them."""
        return Directories(self.connection, self.directory_id)

    @property
    def user_flows(self) -> UserFlows:
        """User flows of the directory."""
        return UserFlows(self.connection, self.directory_id)

    @property
    def brandings(self) -> Brandings:
        """What the directory looks like."""
        return Brandings(self.connection, self.directory_id)

    @property
    def brand_pictures(self) -> BrandPictures:
        """The pictures of the directory's brand."""
        return BrandPictures(self.connection, self.directory_id)

    @property
    def passkeys(self) -> Passkeys:
        """The passkeys of accounts."""
        return Passkeys(self.connection, self.directory_id)

    @property
    def page_templates(self) -> PageTemplates:
        """Administrators' own pages around our forms."""
        return PageTemplates(self.connection, self.directory_id)

    @property
    def page_scripts(self) -> PageScripts:
        """Scripts of administrators' own pages."""
        return PageScripts(self.connection, self.directory_id)

    @property
    def page_overrides(self) -> PageOverrides:
        """What pages of user flows say in other words."""
        return PageOverrides(self.connection, self.directory_id)

    @property
    def user_attributes(self) -> UserAttributes:
        """Custom user attributes."""
        return UserAttributes(self.connection, self.directory_id)

    @property
    def identity_providers(self) -> IdentityProviders:
        """Identity providers of the directory."""
        return IdentityProviders(self.connection, self.directory_id)

    @property
    def events_flows(self) -> EventsFlows:
        """What is done at each moment of a sign-up."""
        return EventsFlows(self.connection, self.directory_id)

    @property
    def event_listeners(self) -> EventListeners:
        """What is done at single moments of a sign-in."""
        return EventListeners(self.connection, self.directory_id)

    @property
    def event_extensions(self) -> EventExtensions:
        """Web services asked at moments of a sign-in."""
        return EventExtensions(self.connection, self.directory_id)

    @property
    def api_connectors(self) -> ApiConnectors:
        """API connectors of the directory."""
        return ApiConnectors(self.connection, self.directory_id)

    @property
    def sign_in_identifiers(self) -> SignInIdentifiers:
        """Which kinds of sign-in names are in use."""
        return SignInIdentifiers(self.connection, self.directory_id)

    @property
    def trust_framework_policies(self) -> TrustFrameworkPolicies:
        """Custom policies, which are kept and not run."""
        return TrustFrameworkPolicies(self.connection, self.directory_id)

    @property
    def service_principals(self) -> ServicePrincipals:
        """What stands for applications where permissions are granted."""
        return ServicePrincipals(self.connection, self.directory_id)

    @property
    def applications(self) -> Applications:
        """Applications of the directory."""
        return Applications(self.connection, self.directory_id)

    @property
    def permission_grants(self) -> PermissionGrants:
        """Permissions granted to applications."""
        return PermissionGrants(self.connection, self.directory_id)

    @property
    def user_roles(self) -> UserRoles:
        """Which app roles users hold."""
        return UserRoles(self.connection, self.directory_id)

    @property
    def consents(self) -> Consents:
        """What users let applications do for them."""
        return Consents(self.connection, self.directory_id)

    @property
    def accounts(self) -> Accounts:
        """Accounts of the directory."""
        return Accounts(self.connection, self.directory_id)

    @property
    def deleted_accounts(self) -> DeletedAccounts:
        """Accounts that were deleted and can be brought back."""
        return DeletedAccounts(self.connection, self.directory_id)

    @property
    def deleted_applications(self) -> DeletedApplications:
        """Applications that were deleted and can be brought back."""
        return DeletedApplications(self.connection, self.directory_id)

    @property
    def deleted_service_principals(self) -> DeletedServicePrincipals:
        """Service principals that were deleted and can be brought back."""
        return DeletedServicePrincipals(self.connection, self.directory_id)

    @property
    def passwords(self) -> Passwords:
        """Passwords of the directory."""
        return Passwords(self.connection, self.directory_id)

    @property
    def second_factors(self) -> SecondFactors:
        """What accounts of the directory prove besides a password."""
        return SecondFactors(self.connection, self.directory_id)

    @property
    def recovery_codes(self) -> RecoveryCodes:
        """Codes for the day other factors are out of reach."""
        return RecoveryCodes(self.connection, self.directory_id)

    @property
    def lockouts(self) -> Lockouts:
        """Lockouts of the directory."""
        return Lockouts(self.connection, self.directory_id)

    @property
    def failed_sources(self) -> FailedSources:
        """Addresses signing in failed from."""
        return FailedSources(self.connection, self.directory_id)

    @property
    def known_devices(self) -> KnownDevices:
        """Devices people signed in with before."""
        return KnownDevices(self.connection, self.directory_id)

    @property
    def interactions(self) -> Interactions:
        """Interactions of the directory."""
        return Interactions(self.connection, self.directory_id)

    @property
    def traces(self) -> Traces:
        """What journeys of the directory went through."""
        return Traces(self.connection, self.directory_id)

    @property
    def proofs(self) -> Proofs:
        """Proofs of the directory."""
        return Proofs(self.connection, self.directory_id)

    @property
    def sent_codes(self) -> SentCodes:
        """How many codes each address was sent."""
        return SentCodes(self.connection, self.directory_id)

    @property
    def sessions(self) -> Sessions:
        """Sessions of the directory."""
        return Sessions(self.connection, self.directory_id)

    @property
    def grants(self) -> Grants:
        """Grants of the directory."""
        return Grants(self.connection, self.directory_id)

    @property
    def authorization_codes(self) -> AuthorizationCodes:
        """Authorization codes of the directory."""
        return AuthorizationCodes(self.connection, self.directory_id)

    @property
    def refresh_tokens(self) -> RefreshTokens:
        """Refresh tokens of the directory."""
        return RefreshTokens(self.connection, self.directory_id)

    @property
    def pushed_requests(self) -> PushedRequests:
        """Authorization requests that were pushed and wait for the browser."""
        return PushedRequests(self.connection, self.directory_id)

    @property
    def device_requests(self) -> DeviceRequests:
        """Devices that wait for somebody to sign in."""
        return DeviceRequests(self.connection, self.directory_id)

    @property
    def used_identifiers(self) -> UsedIdentifiers:
        """Identifiers that must not be used again."""
        return UsedIdentifiers(self.connection, self.directory_id)

    @property
    def signing_keys(self) -> SigningKeys:
        """Signing keys of the directory."""
        return SigningKeys(self.connection, self.directory_id)

    @property
    def messages(self) -> Messages:
        """Messages of the directory."""
        return Messages(self.connection, self.directory_id)

    @property
    def logout_notices(self) -> LogoutNotices:
        """Notices of ended sessions."""
        return LogoutNotices(self.connection, self.directory_id)

    @property
    def audit_events(self) -> AuditEvents:
        """The audit log."""
        return AuditEvents(self.connection, self.directory_id)

    @property
    def audit_chain(self) -> AuditChain:
        """What links the audit log, over all directories."""
        return AuditChain(self.connection)
