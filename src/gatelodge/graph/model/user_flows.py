"""`/identity/userFlows`. Source: microsoft.graph.b2cIdentityUserFlow (beta)."""

from gatelodge.errors import Invalid, Problem
from gatelodge.graph.body import merged
from gatelodge.graph.change import TYPE, Change, Given, Situation
from gatelodge.graph.edm import (
    Asked,
    Create,
    Delete,
    Door,
    EntitySet,
    EntityType,
    Primitive,
    Property,
    Read,
    Update,
    Writable,
)
from gatelodge.graph.model.attribute_assignments import (
    USER_ATTRIBUTE_ASSIGNMENTS,
    with_assignments,
)
from gatelodge.graph.model.languages import (
    USER_FLOW_LANGUAGES,
    language_tag_problem,
    with_languages,
)
from gatelodge.graph.model.page_layouts import PAGE_LAYOUTS
from gatelodge.graph.model.user_flow_access import READ, WRITE
from gatelodge.graph.model.user_flow_references import (
    APPLICATION_CLAIMS,
    OLD_USER_FLOW_IDENTITY_PROVIDERS,
    USER_FLOW_IDENTITY_PROVIDERS,
    with_references,
)
from gatelodge.graph.model.user_flow_settings import (
    AGE_GATING,
    API_CONNECTORS,
    AUTHENTICATION_METHODS,
    ONE_TIME_CODE,
    OWN_ACCOUNT,
    PASSKEYS,
    PASSWORD,
    SECOND_FACTOR,
    SESSION,
    TERMS_OF_USE,
    TOKEN_CLAIMS,
    TOKEN_LIFETIMES,
    USER_FLOW_TYPE,
    conditional_access_problem,
)
from gatelodge.model.allowed import is_allowed
from gatelodge.model.audit import EventName
from gatelodge.model.identifier import UserFlowId
from gatelodge.model.new_terms_of_use import terms_problems
from gatelodge.model.new_user_flow import (
    B2X_PREFIX,
    PREFIX,
    b2x_user_flow,
    new_user_flow,
    user_flow_id,
    user_flow_name_problem,
    user_flow_problems,
)
from gatelodge.model.query import Comparator, Comparison
from gatelodge.model.user_flow import (
    UserFlow,
)
from gatelodge.storage.lists import USER_FLOWS as LISTS
from gatelodge.storage.stores import Stores

IDENTITY_USER_FLOW = EntityType(
    name="identityUserFlow",
    python=UserFlow,
    doc="A user flow: the journey an application sends its users through.",
    properties=(
        Property(
            name="id",
            type=Primitive.STRING,
            writable=Writable.ON_CREATE,
            asked=Asked.EVERYTHING,
            judge=user_flow_name_problem,
            doc="The name of the user flow, unique without regard to case. `B2C_1_` is put in "
            "front of a name that lacks it.",
        ),
        Property(
            name="userFlowType",
            type=USER_FLOW_TYPE,
            is_required=True,
            writable=Writable.ON_CREATE,
            asked=Asked.EQUALITY,
            doc="What the user flow is for.",
        ),
        Property(
            name="userFlowTypeVersion",
            type=Primitive.SINGLE,
            is_required=True,
            writable=Writable.ON_CREATE,
            asked=Asked.EVERYTHING,
            doc="The version of the user flow type; 3 is the recommended one.",
        ),
    ),
)

_NAVIGATIONS = (
    OLD_USER_FLOW_IDENTITY_PROVIDERS,
    USER_FLOW_IDENTITY_PROVIDERS,
    USER_ATTRIBUTE_ASSIGNMENTS,
    USER_FLOW_LANGUAGES,
)
_CONNECTORS = Property(
    name="apiConnectorConfiguration",
    type=API_CONNECTORS,
    writable=Writable.NEVER,
    doc="The API connectors this user flow calls.",
)
B2X_IDENTITY_USER_FLOW = EntityType(
    name="b2xIdentityUserFlow",
    base=IDENTITY_USER_FLOW,
    python=UserFlow,
    doc="A user flow for guests of an organisation's directory.",
    properties=(_CONNECTORS,),
    navigations=_NAVIGATIONS,
)

B2C_IDENTITY_USER_FLOW = EntityType(
    name="b2cIdentityUserFlow",
    base=IDENTITY_USER_FLOW,
    python=UserFlow,
    doc="A user flow of a customer directory.",
    properties=(
        Property(
            name="isLanguageCustomizationEnabled",
            type=Primitive.BOOLEAN,
            asked=Asked.EQUALITY,
            doc="Whether this user flow's pages may be translated and overridden.",
        ),
        Property(
            name="defaultLanguageTag",
            type=Primitive.STRING,
            is_nullable=True,
            max_length=35,
            judge=language_tag_problem,
            asked=Asked.EVERYTHING,
            doc="RFC 5646 tag of the language pages have when nothing else decides.",
        ),
        AUTHENTICATION_METHODS,
        Property(
            name="isConditionalAccessEnforced",
            type=Primitive.BOOLEAN,
            judge=conditional_access_problem,
            doc="Whether conditional access policies apply; not available, so always false.",
        ),
        Property(
            name="isJavaScriptEnabled",
            type=Primitive.BOOLEAN,
            doc="Whether pages may have scripts of an administrator's. They run at a host of the "
            "directory's own, without which it cannot be true, and are those a template had when "
            "its `pageUri` was given.",
        ),
        Property(
            name="multifactorAuthenticationConfiguration",
            type=SECOND_FACTOR,
            doc="Whether a second factor is asked for, and which.",
        ),
        Property(
            name="isEmailVerificationRequired",
            type=Primitive.BOOLEAN,
            doc="Whether who signs up has to prove that the address is theirs. It is the "
            "`requiresVerification` of the attribute `email`.",
        ),
        Property(
            name="oneTimeCodeConfiguration",
            type=ONE_TIME_CODE,
            doc="The codes that prove an address.",
        ),
        Property(
            name="accountConfiguration",
            type=OWN_ACCOUNT,
            doc="What profile edit lets users do with their account. An extension of ours.",
        ),
        Property(
            name="passkeyConfiguration",
            type=PASSKEYS,
            doc="Signing in with passkeys. An extension of ours.",
        ),
        Property(
            name="ageGatingConfiguration",
            type=AGE_GATING,
            doc="What becomes of minors. An extension of ours.",
        ),
        Property(
            name="termsOfUseConfiguration",
            type=TERMS_OF_USE,
            doc="The terms of use people accept. An extension of ours.",
        ),
        Property(
            name="tokenClaimsConfiguration",
            type=TOKEN_CLAIMS,
            doc="How tokens name their issuer, their subject and this user flow.",
        ),
        Property(
            name="tokenLifetimeConfiguration",
            type=TOKEN_LIFETIMES,
            doc="How long tokens of this user flow live.",
        ),
        Property(
            name="singleSignOnSessionConfiguration",
            type=SESSION,
            doc="How long a browser stays signed in.",
        ),
        Property(
            name="passwordComplexityConfiguration",
            type=PASSWORD,
            doc="Rules for new passwords, and what becomes of a forgotten or expired one.",
        ),
        _CONNECTORS,
    ),
    navigations=(*_NAVIGATIONS, APPLICATION_CLAIMS, PAGE_LAYOUTS),
)


def _type_of(flow: UserFlow) -> EntityType:
    return B2X_IDENTITY_USER_FLOW if flow.is_b2x else B2C_IDENTITY_USER_FLOW


async def _new(situation: Situation, given: Given) -> Change:
    rest = dict(given)
    is_b2x = rest.pop(TYPE) == B2X_IDENTITY_USER_FLOW.name
    policies = situation.directory.policies
    if is_b2x and not policies.authentication_flows.self_service_sign_up.is_enabled:
        message = "The feature self service sign up is not enabled for the tenant."
        raise Invalid(Problem("userFlowType", message))
    assignments = rest.pop("user_attribute_assignments", None)
    languages = rest.pop("languages", ())
    references = {
        "identity_providers": rest.pop("identity_providers", ()),
        "points": rest.pop("api_connector_configuration", {}),
    }
    name = rest.pop("id", None)
    prefix = B2X_PREFIX if is_b2x else PREFIX
    flow = new_user_flow(
        directory_id=situation.directory.id,
        id=UserFlowId(situation.randomness.uuid()) if name is None else user_flow_id(name, prefix),
        user_flow_type=rest.pop("user_flow_type"),
        user_flow_type_version=rest.pop("user_flow_type_version"),
        created_at=situation.now,
    )
    flow = b2x_user_flow(flow) if is_b2x else flow
    flow = await with_assignments(situation.stores, flow, assignments)
    flow = with_languages(_configured(flow, rest, situation), languages)
    made = await with_references(situation.stores, flow, references)
    return Change(made, lambda stores: stores.user_flows.add(made))


async def _changed(situation: Situation, flow: UserFlow, given: Given) -> Change:
    changed = _configured(flow, given, situation)

    async def write(stores: Stores) -> None:
        await stores.user_flows.save(changed)

    return Change(changed, write)


async def _removed(_: Situation, flow: UserFlow, __: Given) -> Change:
    return Change(None, lambda stores: stores.user_flows.remove(flow.id))


def _configured(flow: UserFlow, given: Given, situation: Situation) -> UserFlow:
    """Return the user flow with what was given; raises `Invalid` for what contradicts itself."""
    rest, policies = dict(given), situation.directory.policies
    is_verified = rest.pop("is_email_verification_required", None)
    changed = merged(flow, rest)
    problems = [*user_flow_problems(changed)]
    method = changed.authentication_methods
    if method is not flow.authentication_methods and not is_allowed(method, policies):
        sentence = f"The directory's policy allows no local accounts of kind '{method}'."
        problems.append(Problem("authenticationMethods", sentence))
    is_new = changed.is_java_script_enabled and not flow.is_java_script_enabled
    if is_new and not situation.stores.own_hosts.of(situation.directory):
        sentence = "The directory has no host of its own, which scripts on its pages need."
        problems.append(Problem("isJavaScriptEnabled", sentence))
    problems.extend(terms_problems(changed, is_development=situation.is_development))
    if is_verified is not None:
        changed = changed.with_email_verification(is_verified)
        if changed.is_email_verification_required is not is_verified:
            sentence = "This user flow asks nobody for an address."
            problems.append(Problem("isEmailVerificationRequired", sentence))
    if problems:
        raise Invalid(*problems)
    return changed


USER_FLOWS = EntitySet(
    title="User flows",
    entity=B2C_IDENTITY_USER_FLOW,
    doors=(
        Door(
            path="/identity/userFlows", declared=IDENTITY_USER_FLOW, entity=B2C_IDENTITY_USER_FLOW
        ),
        Door(
            path="/identity/b2cUserFlows",
            declared=B2C_IDENTITY_USER_FLOW,
            required=("id",),
            entity=B2C_IDENTITY_USER_FLOW,
            only=Comparison("is_b2x", Comparator.EQ, False),
        ),
        Door(
            path="/identity/b2xUserFlows",
            declared=B2X_IDENTITY_USER_FLOW,
            required=("id",),
            entity=B2X_IDENTITY_USER_FLOW,
            only=Comparison("is_b2x", Comparator.EQ, True),
        ),
    ),
    derived=(B2C_IDENTITY_USER_FLOW, B2X_IDENTITY_USER_FLOW),
    type_of=_type_of,
    source=LISTS,
    read=Read(access=READ),
    create=Create(
        access=WRITE,
        event=EventName.USER_FLOW_CREATED,
        prepare=_new,
        example={
            "id": "Customer",
            "userFlowType": "signUpOrSignIn",
            "userFlowTypeVersion": 3,
        },
    ),
    update=Update(access=WRITE, event=EventName.USER_FLOW_UPDATED, prepare=_changed),
    delete=Delete(access=WRITE, event=EventName.USER_FLOW_DELETED, prepare=_removed),
)
