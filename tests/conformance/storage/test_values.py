"""Every value comes back as it was given, and what cannot be kept is refused on every database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from functools import partial

import pytest

from gatelodge.errors import Invalid, NotFound
from gatelodge.model.account import Account, SignInName, SignInType
from gatelodge.model.application import (
    AppRole,
    PreAuthorizedApplication,
    RequiredResourceAccess,
    ResourceAccess,
)
from gatelodge.model.attribute import AttributeAssignment, AttributeValue, UserInputType
from gatelodge.model.authorization import GrantedScope, Prompt, ResponseMode, ResponseType
from gatelodge.model.directory import Switches
from gatelodge.model.identifier import AccountId, ClientId, UserFlowId, key_of
from gatelodge.model.interaction import Facts, Path
from gatelodge.model.user_flow import (
    PasswordComplexity,
    PasswordConfiguration,
    PolicyClaim,
    SessionConfiguration,
    SessionScope,
    TokenClaims,
    TokenLifetimes,
    UserFlow,
    UserFlowType,
)
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores
from tests.world.clock import BEGINNING
from tests.world.databases import keep
from tests.world.makers import (
    TENANT,
    a_directory,
    a_permission_grant,
    a_scope,
    a_secret,
    a_user_attribute,
    a_user_flow,
    an_account,
    an_application,
)
from tests.world.traces import (
    ACCOUNT,
    a_grant,
    a_one_time_code,
    an_audit_event,
    an_authorization_request,
    an_interaction,
)

WORDS = [
    "Åsa Öberg",
    "A\u030asa",  # the same letter, composed of two
    "👩‍👩‍👧‍👦 👍🏽",
    "محمد بن سلمان",
    "\u202eright to left\u202c",
    "李小龍",
    "ﬁﬂ İı ẞß",
    "tab\tnew\r\nline",
    "' OR 1=1; DROP TABLE account; -- %s ? $1 :name",
    "",
    "   ",
    "\x01\x7f\u0085\ufeff\ufffd",
    "x" * 1000,
    "🔐" * 250,
]
UNSTORABLE = ["a\0b", "\0", "half \ud83d of a pair", "\udcff"]
TOO_LONG = ["x" * 1001, "🔐" * 251, "".join(map(chr, range(0x4E00, 0x8E00)))]
MOMENTS = [
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2026, 2, 28, 23, 59, 59, 1, tzinfo=UTC),
    datetime(2040, 6, 1, 12, 0, 0, 123_456, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
]


@pytest.mark.parametrize("words", WORDS, ids=range(len(WORDS)))
async def test_text_comes_back_letter_for_letter(database: Database, words: str) -> None:
    name = SignInName(
        sign_in_type=SignInType.USER_NAME, issuer="acme.example", issuer_assigned_id=words
    )
    account = an_account(
        display_name=words, identities=(name,), extensions={"note": words, words: 1}
    )
    await keep(database, a_directory(display_name=words), account)
    stores = database.read(TENANT)
    assert await stores.accounts.get(ACCOUNT) == account
    assert await stores.accounts.by_sign_in_name("acme.example", key_of(words)) == account
    assert (await stores.directories.require(TENANT)).display_name == words


@pytest.mark.parametrize("words", ["x" * 2_000_000, TOO_LONG[-1]], ids=["plain", "incompressible"])
async def test_text_that_names_nothing_may_be_very_long(database: Database, words: str) -> None:
    account = an_account(street_address=words, extensions={"note": words})
    await keep(database, a_directory(display_name=words), account)
    assert await database.read(TENANT).accounts.get(ACCOUNT) == account


@pytest.mark.parametrize("words", TOO_LONG, ids=range(len(TOO_LONG)))
async def test_a_key_too_long_for_an_index_is_refused(database: Database, words: str) -> None:
    await keep(database, a_directory())
    with pytest.raises(Invalid) as refused:
        await keep(database, an_account(8), an_account(id=AccountId(words)))
    assert [each.target for each in refused.value.problems] == ["id"]
    assert await database.read(TENANT).accounts.get(an_account(8).id) is None


@pytest.mark.parametrize("words", UNSTORABLE, ids=range(len(UNSTORABLE)))
async def test_text_no_database_can_keep_is_refused_and_nothing_with_it(
    database: Database, words: str
) -> None:
    await keep(database, a_directory())
    with pytest.raises(Invalid) as refused:
        await keep(database, an_account(8), an_account(display_name=words))
    assert [each.target for each in refused.value.problems] == ["display_name"]
    with pytest.raises(Invalid):
        await keep(database, an_account(9), an_account(id=AccountId(words)))
    stores = database.read(TENANT)
    assert [await stores.accounts.get(an_account(it).id) for it in (7, 8, 9)] == [None] * 3


@pytest.mark.parametrize("words", UNSTORABLE)
async def test_a_change_to_text_that_cannot_be_kept_is_refused(
    database: Database, words: str
) -> None:
    await keep(database, a_directory(), an_account())
    changed = an_account(city=words)
    with pytest.raises(Invalid):
        await database.write(TENANT, lambda stores: stores.accounts.save(changed))
    await database.write(TENANT, lambda stores: stores.accounts.save(an_account(city="Graz")))
    assert (await database.read(TENANT).accounts.require(ACCOUNT)).city == "Graz"


@pytest.mark.parametrize("words", UNSTORABLE + TOO_LONG, ids=range(len(UNSTORABLE + TOO_LONG)))
async def test_asking_for_a_name_nobody_can_have_finds_nothing(
    database: Database, words: str
) -> None:
    await keep(database, a_directory(), an_account(), a_user_flow())
    stores = database.read(TENANT)
    assert await stores.directories.find(words) is None
    assert await stores.user_flows.get(words) is None
    assert await stores.accounts.by_sign_in_name("acme.example", words) is None
    assert await stores.applications.by_app_id(ClientId(words)) is None
    kept = a_permission_grant(ClientId(words))
    assert await stores.permission_grants.values(kept.app_id, kept.app_id, kept.kind) == ()
    with pytest.raises(NotFound):
        await stores.lockouts.require(words)


@pytest.mark.parametrize("words", UNSTORABLE + TOO_LONG, ids=range(len(UNSTORABLE + TOO_LONG)))
async def test_failures_of_a_name_nobody_can_have_are_not_kept(
    database: Database, words: str
) -> None:
    await keep(database, a_directory())
    for _ in range(11):
        counted = await database.write(
            TENANT, lambda stores: stores.lockouts.note_failure(words, BEGINNING)
        )
        assert counted.failures == 1
    assert await database.read(TENANT).lockouts.get(words) is None


@pytest.mark.parametrize("words", UNSTORABLE)
async def test_text_inside_json_is_kept_exactly_or_refused(database: Database, words: str) -> None:
    await keep(database, a_directory())
    account = an_account(extensions={"note": words})
    if "\0" in words:  # JSON writes it with an escape that every database takes
        await keep(database, account)
        assert await database.read(TENANT).accounts.get(ACCOUNT) == account
    else:
        with pytest.raises(Invalid):
            await keep(database, account)
        assert await database.read(TENANT).accounts.get(ACCOUNT) is None


async def test_a_number_too_large_to_keep_is_refused(database: Database) -> None:
    await keep(database, a_directory())
    with pytest.raises(Invalid):
        await keep(database, an_interaction(), an_account(revision=2**70))
    assert await database.read(TENANT).interactions.get("interaction-1") is None


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
async def test_a_moment_is_kept_to_the_microsecond(database: Database, moment: datetime) -> None:
    account = an_account(created_at=moment)
    interaction = an_interaction(facts=Facts(auth_time=moment))
    await keep(database, a_directory(), account, interaction)
    stores = database.read(TENANT)
    assert (await stores.accounts.require(ACCOUNT)).created_at == moment
    assert (await stores.interactions.require("interaction-1")).facts.auth_time == moment


async def test_a_moment_of_another_time_zone_comes_back_as_the_same_in_utc(
    database: Database,
) -> None:
    kathmandu = timezone(timedelta(hours=5, minutes=45))
    moment = BEGINNING.astimezone(kathmandu)
    await keep(database, a_directory(), an_account(created_at=moment))
    found = (await database.read(TENANT).accounts.require(ACCOUNT)).created_at
    assert found == moment
    assert found.utcoffset() == timedelta(0)


async def test_a_moment_without_a_time_zone_is_a_mistake(database: Database) -> None:
    await keep(database, a_directory())
    with pytest.raises(TypeError):
        await keep(database, an_account(created_at=BEGINNING.replace(tzinfo=None)))
    assert await database.read(TENANT).accounts.get(ACCOUNT) is None


async def test_a_user_flow_comes_back_with_every_part(database: Database) -> None:
    flow = UserFlow(
        directory_id=TENANT,
        id=UserFlowId("B2C_1_Everything"),
        user_flow_type=UserFlowType.PASSWORD_RESET,
        user_flow_type_version=1.1,
        created_at=BEGINNING,
        is_language_customization_enabled=True,
        default_language_tag=None,
        token_claims_configuration=TokenClaims(
            is_issuer_entity_user_flow=True, claim_type_for_user_flow_id=PolicyClaim.ACR
        ),
        token_lifetime_configuration=TokenLifetimes(rolling_refresh_token_lifetime_in_days=-1),
        single_sign_on_session_configuration=SessionConfiguration(
            session_scope=SessionScope.DISABLED, session_lifetime_in_minutes=15
        ),
        password_complexity_configuration=PasswordConfiguration(
            is_self_service_password_reset_allowed=True, complexity_level=PasswordComplexity.NIST
        ),
        application_claims=("objectId", "emails"),
        attributes=(
            AttributeAssignment(id="email", requires_verification=True),
            AttributeAssignment(
                id="country",
                display_name="Land 🌍",
                is_optional=True,
                user_input_type=UserInputType.DROPDOWN_SINGLE_SELECT,
                user_attribute_values=(AttributeValue(name="Österreich", value="AT"),),
            ),
        ),
    )
    await keep(database, a_directory(switches=Switches(trims_passwords=True)), flow)
    assert await database.read(TENANT).user_flows.get(flow.id) == flow
    directory = await database.read(TENANT).directories.require(TENANT)
    assert directory.switches == Switches(trims_passwords=True)


async def test_an_application_comes_back_with_every_part(database: Database) -> None:
    application = an_application(
        1,
        identifier_uris=("api://one", "https://acme.example/api"),
        web_redirect_uris=("https://app.example/",),
        web_home_page_url="https://app.example/ü",
        is_enabled=False,
        oauth2_permission_scopes=(a_scope("read", user_consent_description="Lesen"),),
        pre_authorized_applications=(PreAuthorizedApplication(app_id=ClientId("x")),),
        app_roles=(AppRole(id="1", value="Sync"),),
        required_resource_access=(
            RequiredResourceAccess(
                resource_app_id=ClientId("y"),
                resource_access=(ResourceAccess(id="1", type="Scope"),),
            ),
        ),
        password_credentials=(a_secret(end_at=BEGINNING + timedelta(microseconds=1)),),
    )
    await keep(database, a_directory(), application)
    stores = database.read(TENANT)
    assert await stores.applications.get(application.id) == application
    assert await stores.applications.by_app_id(application.app_id) == application
    for uri in application.identifier_uris:
        assert await stores.applications.by_identifier_uri(uri) == application


async def test_an_interaction_comes_back_with_every_part(database: Database) -> None:
    request = an_authorization_request(
        response_types=(ResponseType.CODE, ResponseType.ID_TOKEN),
        response_mode=ResponseMode.FORM_POST,
        scope=GrantedScope(requested="openid  x\u00a0y", permissions=("read",)),
        state="états\n",
        prompts=(Prompt.LOGIN, Prompt.CONSENT),
        max_age_s=0,
    )
    facts = Facts(
        path=Path.SIGN_UP,
        account_id=ACCOUNT,
        auth_time=BEGINNING,
        amr=("pwd", "otp"),
        code=a_one_time_code(tries=2),
        collected={"country": ("AT",), "hobbies": ("chess", "go"), "empty": ()},
    )
    interaction = an_interaction(request=request, facts=facts, completed=("choose", "verifyEmail"))
    event = an_audit_event(detail={"reason": "wrong", "ключ": "значение"})
    await keep(database, a_directory(), interaction, event)
    assert await database.read(TENANT).interactions.get(interaction.id) == interaction
    assert await database.read(TENANT).audit_events.latest() == [event]


async def save(account: Account, stores: Stores) -> None:
    await stores.accounts.save(account)


async def test_what_has_no_value_stays_none_and_can_become_none(database: Database) -> None:
    bare = an_account(creation_type=None, password_policies=None)
    grant = a_grant(nonce=None, session_id=None)
    attribute = a_user_attribute(description="")
    await keep(database, a_directory(), bare, grant, attribute)
    stores = database.read(TENANT)
    assert await stores.accounts.get(ACCOUNT) == bare
    assert await stores.grants.get(grant.id) == grant
    assert await stores.user_attributes.get(attribute.id) == attribute
    full = replace(bare, city="Graz", mail="a@b.example")
    for value in (full, replace(full, city=None, mail=None, revision=1)):
        await database.write(TENANT, partial(save, value))
        found = await stores.accounts.require(ACCOUNT)
        assert (found.city, found.mail) == (value.city, value.mail)
