"""Every entity set, in the order of the reference."""

from gatelodge.graph.edm import Model
from gatelodge.graph.model.api_connectors import API_CONNECTORS
from gatelodge.graph.model.applications import APPLICATIONS
from gatelodge.graph.model.audit_logs import DIRECTORY_AUDITS, SIGN_INS
from gatelodge.graph.model.deleted_items import DELETED_ITEMS
from gatelodge.graph.model.directory_objects import DIRECTORY_OBJECTS
from gatelodge.graph.model.event_extensions import EVENT_EXTENSIONS
from gatelodge.graph.model.event_listeners import EVENT_LISTENERS
from gatelodge.graph.model.events_flows import EVENTS_FLOWS
from gatelodge.graph.model.identity_providers import IDENTITY_PROVIDERS, OLD_IDENTITY_PROVIDERS
from gatelodge.graph.model.me import ME
from gatelodge.graph.model.organization import DOMAINS, ORGANIZATIONS
from gatelodge.graph.model.policies import FLOWS_POLICIES, METHODS_POLICIES
from gatelodge.graph.model.service_principals import (
    OAUTH2_PERMISSION_GRANTS,
    SERVICE_PRINCIPALS,
)
from gatelodge.graph.model.sign_in_identifiers import SIGN_IN_IDENTIFIERS
from gatelodge.graph.model.trust_framework import TRUST_FRAMEWORK_POLICIES
from gatelodge.graph.model.user_attributes import USER_ATTRIBUTES
from gatelodge.graph.model.user_flows import USER_FLOWS
from gatelodge.graph.model.users import USERS

MODEL: Model = (
    USER_FLOWS,
    USER_ATTRIBUTES,
    IDENTITY_PROVIDERS,
    API_CONNECTORS,
    SIGN_IN_IDENTIFIERS,
    EVENTS_FLOWS,
    EVENT_LISTENERS,
    EVENT_EXTENSIONS,
    USERS,
    ME,
    APPLICATIONS,
    SERVICE_PRINCIPALS,
    OAUTH2_PERMISSION_GRANTS,
    ORGANIZATIONS,
    DOMAINS,
    DIRECTORY_OBJECTS,
    DELETED_ITEMS,
    METHODS_POLICIES,
    FLOWS_POLICIES,
    TRUST_FRAMEWORK_POLICIES,
    DIRECTORY_AUDITS,
    SIGN_INS,
    OLD_IDENTITY_PROVIDERS,
)
