"""Build the provider: journeys, their pages, and the endpoints of OpenID Connect."""

from starlette.routing import Route

from gatelodge.app.factors import factor_performers
from gatelodge.app.federation import (
    federate,
    offered_providers,
    provider_visits,
    upstream_sign_out,
)
from gatelodge.app.own_account import manage_account, told_by_mail
from gatelodge.app.passkeys import new_passkeys_of, passkeys_of
from gatelodge.app.world import World
from gatelodge.connectors.call import new_connectors
from gatelodge.journeys.asking import Asking
from gatelodge.journeys.check_password import CheckPassword, CheckPasswordAlone
from gatelodge.journeys.code_guesses import CodeGuesses
from gatelodge.journeys.engine import Engine, Performer
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.mailed_codes import MailedCodes
from gatelodge.journeys.password_guesses import PasswordGuesses
from gatelodge.journeys.perform.accept_terms import AcceptTerms
from gatelodge.journeys.perform.ask_age import AskAge
from gatelodge.journeys.perform.by_arrival import ByArrival
from gatelodge.journeys.perform.call_after_arrival import CallAfterArrival
from gatelodge.journeys.perform.call_before_registration import CallBeforeRegistration
from gatelodge.journeys.perform.call_before_tokens import CallBeforeTokens
from gatelodge.journeys.perform.change_password import ChangePassword
from gatelodge.journeys.perform.check_age import CheckAge
from gatelodge.journeys.perform.choose import Choose
from gatelodge.journeys.perform.collect_attributes import CollectAttributes
from gatelodge.journeys.perform.complete_arrival import CompleteArrival
from gatelodge.journeys.perform.consent import AskConsent
from gatelodge.journeys.perform.link_identity import LinkIdentity
from gatelodge.journeys.perform.new_password import NewPassword
from gatelodge.journeys.perform.offer_passkey import OfferPasskey
from gatelodge.journeys.perform.recognise_device import RecogniseDevice
from gatelodge.journeys.perform.register import Register
from gatelodge.journeys.perform.register_arrival import RegisterArrival
from gatelodge.journeys.perform.resume_session import ResumeSession
from gatelodge.journeys.perform.sign_in_by_code import SignInByCode
from gatelodge.journeys.perform.start_session import StartSession
from gatelodge.journeys.perform.update_profile import UpdateProfile
from gatelodge.journeys.perform.verify_email import VerifyEmail
from gatelodge.journeys.step import StepName
from gatelodge.mail.factor_messages import FactorMessages
from gatelodge.mail.verification import new_verification_mail
from gatelodge.oidc.answer import Answers
from gatelodge.oidc.arrive import Arrive
from gatelodge.oidc.authorize import Authorize
from gatelodge.oidc.client_endpoint import ClientEndpoint
from gatelodge.oidc.client_keys import ClientKeys
from gatelodge.oidc.device_authorization import DeviceAuthorization
from gatelodge.oidc.device_page import DevicePage
from gatelodge.oidc.discovery import Discovery
from gatelodge.oidc.documents import Documents
from gatelodge.oidc.error_log import ErrorLog
from gatelodge.oidc.grants.authorization_code import RedeemCode
from gatelodge.oidc.grants.client_credentials import ClientCredentials
from gatelodge.oidc.grants.device_code import DEVICE_CODE, SHORT_DEVICE_CODE, DeviceCode
from gatelodge.oidc.grants.on_behalf_of import JWT_BEARER, OnBehalfOf
from gatelodge.oidc.grants.refresh_token import Refresh
from gatelodge.oidc.grants.resource_owner import ResourceOwner
from gatelodge.oidc.interact import Interact
from gatelodge.oidc.introspect import Introspect
from gatelodge.oidc.jwks import Keys
from gatelodge.oidc.logout import Logout
from gatelodge.oidc.mailed_link import MailedLink
from gatelodge.oidc.page_protocol.face import Face
from gatelodge.oidc.page_protocol.routes import page_protocol_routes
from gatelodge.oidc.page_response import PageResponses
from gatelodge.oidc.proof_nonces import ProofNonces
from gatelodge.oidc.provider import Providers
from gatelodge.oidc.push import Push
from gatelodge.oidc.registration.configure import ConfigureApplication
from gatelodge.oidc.registration.referred import Referred
from gatelodge.oidc.registration.register import RegisterApplication
from gatelodge.oidc.respond import Respond
from gatelodge.oidc.revoke import Revoke
from gatelodge.oidc.routes import Endpoints, oidc_routes
from gatelodge.oidc.saml_metadata import SamlMetadata
from gatelodge.oidc.steps import Steps
from gatelodge.oidc.token import Token
from gatelodge.oidc.token_answer import TokenAnswers
from gatelodge.oidc.token_request import GrantType
from gatelodge.oidc.userinfo import Userinfo
from gatelodge.pages.language import load_packaged_strings
from gatelodge.pages.render import new_renderer

STATIC_PATH = "/static"


def page_responses(world: World) -> PageResponses:
    """Build what makes answers of pages, with every language loaded."""
    return PageResponses(
        renderer=new_renderer(
            world.static_files, static_path=STATIC_PATH, is_development=world.is_development
        ),
        strings=load_packaged_strings(),
        clock=world.clock,
        randomness=world.randomness,
        errors=error_log(world),
    )


def provider_routes(world: World, pages: PageResponses) -> list[Route]:
    """Build every endpoint of every user flow."""
    check_password = CheckPassword(
        world.database,
        world.passwords,
        PasswordGuesses(world.sealer, world.clock),
        world.clock,
    )
    providers = Providers(world.database, world.keyring, world.origin)
    answers = Answers(pages, world.clock)
    steps = Steps(
        database=world.database,
        engine=Engine(_performers(world, pages, check_password)),
        respond=Respond(
            database=world.database,
            providers=providers,
            answers=answers,
            sign=world.sign,
            clock=world.clock,
            randomness=world.randomness,
        ),
        answers=answers,
        pages=pages,
        sealer=world.sealer,
    )
    documents = Documents(world.outbound)
    client_keys = ClientKeys(documents, world.clock)
    referred = Referred(documents, client_keys)
    nonces = ProofNonces(world.sealer)
    clients = ClientEndpoint(
        providers=providers,
        database=world.database,
        nonces=nonces,
        keys=client_keys,
        errors=pages.errors,
        clock=world.clock,
        randomness=world.randomness,
    )
    face = Face(providers=providers, steps=steps, clock=world.clock)
    endpoints = oidc_routes(
        Endpoints(
            authorize=Authorize(
                providers=providers, steps=steps, clock=world.clock, randomness=world.randomness
            ),
            interact=Interact(providers=providers, steps=steps, clock=world.clock),
            logout=_logout(world, providers, pages),
            token=Token(clients, _grant_types(world, providers, check_password)),
            revoke=Revoke(clients, world.database, world.randomness),
            device_authorization=DeviceAuthorization(clients, world.database, world.randomness),
            device=DevicePage(
                providers=providers,
                steps=steps,
                clock=world.clock,
                randomness=world.randomness,
            ),
            push=Push(clients, world.database, world.randomness),
            introspect=Introspect(clients, world.database),
            userinfo=Userinfo(providers, world.database, nonces, world.clock, world.sign),
            arrive=Arrive(providers=providers, steps=steps, clock=world.clock),
            saml_arrive=Arrive(providers=providers, steps=steps, clock=world.clock, is_saml=True),
            saml_metadata=SamlMetadata(providers),
            link=MailedLink(
                providers=providers, steps=steps, codes=mailed_codes(world), clock=world.clock
            ),
            discovery=Discovery(providers),
            keys=Keys(providers),
            register=RegisterApplication(
                providers=providers,
                database=world.database,
                referred=referred,
                clock=world.clock,
                randomness=world.randomness,
            ),
            configure=ConfigureApplication(
                providers=providers,
                database=world.database,
                referred=referred,
                clock=world.clock,
                randomness=world.randomness,
            ),
        )
    )
    return [*endpoints, *page_protocol_routes(face)]


def _performers(
    world: World, pages: PageResponses, check_password: CheckPassword
) -> dict[StepName, Performer]:
    evidence = Evidence(world.clock, world.randomness)
    asking = Asking(
        database=world.database,
        connectors=new_connectors(world.outbound, world.sealer, world.clock, world.randomness),
        sealer=world.sealer,
        evidence=evidence,
        clock=world.clock,
    )
    mail = new_verification_mail(world.randomness)
    offered = offered_providers(world)
    visits = provider_visits(world, offered)
    passkeys = passkeys_of(world, evidence)
    return {
        StepName.LINK_IDENTITY: LinkIdentity(
            world.database, evidence, told_by_mail(world, evidence, mail), world.clock
        ),
        StepName.RESUME_SESSION: ResumeSession(world.database, world.clock, evidence),
        StepName.CHOOSE: Choose(check_password, offered, passkeys, evidence, world.clock),
        StepName.FEDERATE: federate(world, visits, evidence),
        StepName.VERIFY_EMAIL: VerifyEmail(
            world.database,
            mail,
            world.sealer,
            evidence,
            CodeGuesses(world.database, evidence, world.clock),
            world.clock,
            world.randomness,
        ),
        StepName.COLLECT_ATTRIBUTES: ByArrival(
            arrived=CompleteArrival(), local=CollectAttributes(world.database, world.passwords)
        ),
        StepName.REGISTER: ByArrival(
            arrived=RegisterArrival(world.database, evidence, world.clock, world.randomness),
            local=Register(world.database, evidence, world.clock, world.randomness),
        ),
        StepName.CHANGE_PASSWORD: ChangePassword(
            world.database, world.passwords, evidence, world.clock
        ),
        StepName.NEW_PASSWORD: NewPassword(world.database, world.passwords, evidence, world.clock),
        **factor_performers(world, evidence, mail),
        StepName.MANAGE_ACCOUNT: manage_account(
            world, evidence, mail, mailed_codes(world), check_password, visits
        ),
        StepName.SIGN_IN_BY_CODE: SignInByCode(
            database=world.database,
            codes=mailed_codes(world),
            guesses=CodeGuesses(world.database, evidence, world.clock),
            evidence=evidence,
            messaging=world.messaging,
            clock=world.clock,
        ),
        StepName.OFFER_PASSKEY: OfferPasskey(world.database, new_passkeys_of(world, evidence)),
        StepName.UPDATE_PROFILE: UpdateProfile(world.database, evidence),
        StepName.RECOGNISE_DEVICE: RecogniseDevice(world.database, world.clock),
        StepName.CONSENT: AskConsent(world.database, evidence, world.clock),
        StepName.ASK_AGE: AskAge(world.database, evidence, world.clock),
        StepName.CHECK_AGE: CheckAge(world.database, evidence, world.clock),
        StepName.ACCEPT_TERMS: AcceptTerms(world.database, evidence, world.clock),
        StepName.CALL_AFTER_ARRIVAL: CallAfterArrival(asking),
        StepName.CALL_BEFORE_REGISTRATION: CallBeforeRegistration(asking),
        StepName.CALL_BEFORE_TOKENS: CallBeforeTokens(asking),
        StepName.START_SESSION: StartSession(world.clock, world.randomness),
    }


def error_log(world: World) -> ErrorLog:
    """Return what writes errors down, within the limit of this process."""
    return ErrorLog(
        database=world.database,
        limit=world.error_limit,
        clock=world.clock,
        randomness=world.randomness,
    )


def mailed_codes(world: World) -> MailedCodes:
    """Return what sends codes that stand for a password."""
    mail = new_verification_mail(world.randomness)
    return MailedCodes(
        database=world.database,
        mail=mail,
        messages=FactorMessages(mail),
        phones_a_day=world.messaging.phones_a_day,
        sealer=world.sealer,
        clock=world.clock,
        randomness=world.randomness,
    )


def _grant_types(
    world: World, providers: Providers, check_password: CheckPassword
) -> dict[str, GrantType]:
    answers = TokenAnswers(world.sign, world.randomness, world.sealer)
    alone = CheckPasswordAlone(check_password, world.clock, world.randomness)
    device_code = DeviceCode(world.database, answers)
    return {
        "authorization_code": RedeemCode(world.database, answers),
        "refresh_token": Refresh(world.database, answers),
        "password": ResourceOwner(world.database, providers, answers, alone),
        DEVICE_CODE: device_code,
        SHORT_DEVICE_CODE: device_code,
        JWT_BEARER: OnBehalfOf(world.database, answers),
        "client_credentials": ClientCredentials(providers, world.sign, world.randomness),
    }


def _logout(world: World, providers: Providers, pages: PageResponses) -> Logout:
    return Logout(
        database=world.database,
        upstream=upstream_sign_out(world),
        providers=providers,
        pages=pages,
        sealer=world.sealer,
        clock=world.clock,
        randomness=world.randomness,
    )
