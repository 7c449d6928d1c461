"""Let the person choose: sign in here, create an account, or reset a forgotten password."""

from dataclasses import dataclass, replace

from gatelodge.clock import Clock
from gatelodge.errors import TooMany
from gatelodge.journeys.check_password import (
    Checked,
    CheckPassword,
    Trouble,
    counted_guess,
)
from gatelodge.journeys.conditions import may_reset_password
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.local_account import has_local_accounts, identifier_of
from gatelodge.journeys.offered_providers import Offer, OfferedProviders, at_once
from gatelodge.journeys.outcome import Done, Outcome, Refusal, Refuse, Show
from gatelodge.journeys.passkeys import PASSKEY, Passkeys
from gatelodge.journeys.place import Place
from gatelodge.model.account import Account
from gatelodge.model.audit import EventName
from gatelodge.model.federation import Departure
from gatelodge.model.interaction import Interaction, Path
from gatelodge.model.proof import ProofKind
from gatelodge.model.telephone import parse_telephone
from gatelodge.model.user_flow import SessionScope, UserFlow, UserFlowType
from gatelodge.pages.catalogue import (
    LOCAL_SIGN_UP,
    REMEMBER_ME,
    SEND_CODE,
    Identifier,
    linking_page,
    provider_choice_page,
    sign_in_page,
)
from gatelodge.pages.form import Submitted, pressed, read_answers, refill
from gatelodge.pages.page import Notice, Option, Page, PageId

_TOLD = {
    Trouble.INVALID: "UserMessageIfInvalidPassword",
    Trouble.UNKNOWN: "UserMessageIfInvalidPassword",
    Trouble.LOCKED: "UserMessageIfUserAccountLocked",
    Trouble.DISABLED: "UserMessageIfInvalidPassword",
    Trouble.PASSWORD_EXPIRED: "UserMessageIfPasswordExpired",
}
_TOLD_APART = {
    **_TOLD,
    Trouble.UNKNOWN: "UserMessageIfClaimsPrincipalDoesNotExist",
    Trouble.DISABLED: "UserMessageIfUserAccountDisabled",
}
"""What is told where the directory tells accounts apart."""

_SIGN_IN_PAGES = frozenset({PageId.SIGN_UP_OR_SIGN_IN, PageId.LOCAL_SIGN_IN})
_SIGN_UP = ("createAccount", LOCAL_SIGN_UP)
_PAGE_IDS = {UserFlowType.SIGN_UP_OR_SIGN_IN: PageId.SIGN_UP_OR_SIGN_IN}
_CHOICE_PAGE_IDS = {
    **_PAGE_IDS,
    UserFlowType.SIGN_UP: PageId.PROVIDER_CHOICE_SIGN_UP,
}


@dataclass(frozen=True, slots=True)
class Choose:
    """The first page; a user flow that only signs up has nothing to choose."""

    check_password: CheckPassword
    offered: OfferedProviders
    passkeys: Passkeys
    evidence: Evidence
    clock: Clock

    async def enter(self, place: Place, interaction: Interaction) -> Outcome:
        """Show the first page, or go straight on where there is one way only."""
        if interaction.facts.arrival is not None:
            return Show(page=self._page(place, interaction, ()))
        offers = await self.offered.of(place)
        if (chosen := at_once(place.user_flow, interaction, offers)) is not None:
            return _federated(interaction, chosen)
        shown = self._offered(place, interaction, offers)
        is_only_way = not offers and place.user_flow.user_flow_type is UserFlowType.SIGN_UP
        if is_only_way and isinstance(shown, Show):
            return _signing_up(place.user_flow, interaction)
        return shown

    async def submit(self, place: Place, interaction: Interaction, form: Submitted) -> Outcome:
        """Take the choice; what the page did not offer is not taken."""
        flow = place.user_flow
        is_linking = interaction.facts.arrival is not None
        offers = () if is_linking else await self.offered.of(place)
        page = self._page(place, interaction, offers)
        chosen = {each.exchange_id: each for each in offers}
        match pressed(page, form):
            case str() as exchange_id if exchange_id in chosen:
                return _federated(interaction, chosen[exchange_id])
            case "next":
                return await self._sign_in(place, interaction, page, form)
            case action if action == PASSKEY:
                return await self._sign_in_by_passkey(place, interaction, page, form)
            case action if action == SEND_CODE:
                return _by_code(interaction, page, form)
            case action if action in _SIGN_UP:
                return _signing_up(flow, interaction)
            case "cancel":
                facts = replace(interaction.facts, arrival=None)
                offers = await self.offered.of(place)
                shown = self._offered(place, interaction.after(None, facts), offers)
                return replace(shown, facts=facts)
            case "forgotPassword":
                if may_reset_password(flow):
                    return Done(facts=replace(interaction.facts, path=Path.PASSWORD_RESET))
                return Refuse(reason=Refusal.FORGOT_PASSWORD)
            case _:
                return await self.enter(place, interaction)

    def _offered(
        self, place: Place, interaction: Interaction, offers: tuple[Offer, ...]
    ) -> Show | Refuse:
        if not offers and not has_local_accounts(place.user_flow):
            return Refuse(reason=Refusal.NO_WAY_IN)
        return Show(page=self._page(place, interaction, offers))

    async def _sign_in_by_passkey(
        self, place: Place, interaction: Interaction, page: Page, form: Submitted
    ) -> Outcome:
        answer = await self.passkeys.sign_in(place, interaction, form)
        if isinstance(answer, Done):
            return answer
        return Show(page=refill(page, form, notices=(answer.notice,)), changes=answer.changes)

    def _page(self, place: Place, interaction: Interaction, offers: tuple[Offer, ...]) -> Page:
        is_linking = interaction.facts.arrival is not None
        page = _page(place.user_flow, interaction, offers)
        page = linking_page(page) if is_linking else page
        takes_passkeys = place.user_flow.passkey_configuration.is_sign_in_allowed
        if not takes_passkeys or page.id not in _SIGN_IN_PAGES:
            return page
        return replace(page, passkey=self.passkeys.prompt(place, interaction))

    async def _sign_in(
        self, place: Place, interaction: Interaction, page: Page, form: Submitted
    ) -> Outcome:
        answers = read_answers(page, form)
        if answers.notices:
            return Show(page=refill(page, form, notices=answers.notices))
        try:
            name = answers.text(identifier_of(place.user_flow))
            checked = await self.check_password(
                place.directory, name, answers.text("password"), interaction.facts.device
            )
        except TooMany:
            return Show(page=refill(page, form, notices=(Notice("ServiceThrottled"),)))
        account = checked.account
        if place.user_flow.password_complexity_configuration.allow_expired_password_reset:
            account = account or checked.expired
        if account is None:
            return self._refused(place, interaction, checked, refill(page, form, notices=()))
        kept = replace(interaction.facts, keeps_signed_in=answers.text(REMEMBER_ME) != "")
        return self._signed_in(interaction.after(None, kept), checked, account)

    def _signed_in(self, interaction: Interaction, checked: Checked, account: Account) -> Outcome:
        return Done(
            facts=replace(
                interaction.facts,
                path=Path.LOCAL,
                account_id=account.id,
                auth_time=self.clock(),
                amr=("pwd",),
                must_change_password=checked.expired is not None,
            ),
            changes=(
                self.evidence.proof(interaction, ProofKind.PASSWORD, checked.key, account.id),
                *checked.changes,
            ),
        )

    def _refused(
        self, place: Place, interaction: Interaction, checked: Checked, page: Page
    ) -> Outcome:
        trouble = checked.trouble or Trouble.INVALID
        refused = self.evidence.event(
            interaction,
            EventName.SIGN_IN_REFUSED,
            interaction.request.client_id,
            is_success=False,
            detail={"reason": trouble.value},
        )
        counted = counted_guess(self.check_password, self.evidence, interaction, checked)
        told = _TOLD_APART if place.directory.switches.tells_unknown_accounts else _TOLD
        return Show(
            page=replace(page, notices=(Notice(told[trouble]),)),
            changes=(refused, *checked.changes, *counted),
        )


def _signing_up(flow: UserFlow, interaction: Interaction) -> Done:
    """Go on to signing up: by phone, that is to prove a number that has no account."""
    path = Path.MAILED_CODE if flow.signs_in_by_phone else Path.SIGN_UP
    return Done(facts=replace(interaction.facts, path=path, code=None))


def _by_code(interaction: Interaction, page: Page, form: Submitted) -> Outcome:
    """Go on with the address alone; the password beside it is not looked at."""
    answers = read_answers(page, form)
    notices = tuple(each for each in answers.notices if each.field != "password")
    if notices:
        return Show(page=refill(page, form, notices=notices))
    number = parse_telephone(answers.text(Identifier.PHONE))
    if answers.text(Identifier.PHONE) and number is None:
        wrong = Notice("invalid_number", Identifier.PHONE)
        return Show(page=refill(page, form, notices=(wrong,)))
    facts = replace(
        interaction.facts,
        path=Path.MAILED_CODE,
        email=answers.text("email") or None,
        phone=number,
        code=None,
        is_email_proved=False,
        keeps_signed_in=answers.text(REMEMBER_ME) != "",
    )
    return Done(facts=facts)


def _federated(interaction: Interaction, chosen: Offer) -> Done:
    departure = Departure(provider_id=chosen.provider.id)
    return Done(facts=replace(interaction.facts, path=Path.PROVIDER, departure=departure))


def _page(flow: UserFlow, interaction: Interaction, offers: tuple[Offer, ...]) -> Page:
    is_linking = interaction.facts.arrival is not None
    providers = tuple(Option(value=each.exchange_id, name=each.name) for each in offers)
    if flow.user_flow_type is UserFlowType.SIGN_UP or not has_local_accounts(flow):
        return provider_choice_page(
            page_id=_CHOICE_PAGE_IDS.get(flow.user_flow_type, PageId.PROVIDER_CHOICE),
            providers=providers,
            offers_local_sign_up=has_local_accounts(flow),
        )
    return sign_in_page(
        page_id=_PAGE_IDS.get(flow.user_flow_type, PageId.LOCAL_SIGN_IN),
        identifier=identifier_of(flow),
        identifier_value=interaction.request.login_hint or "",
        offers_sign_up=flow.user_flow_type is UserFlowType.SIGN_UP_OR_SIGN_IN and not is_linking,
        offers_password_reset=flow.takes_passwords and not is_linking,
        takes_passwords=flow.takes_passwords,
        takes_codes=flow.takes_codes,
        offers_to_keep=_may_keep(flow),
        is_kept=interaction.facts.keeps_signed_in,
        providers=providers,
    )


def _may_keep(flow: UserFlow) -> bool:
    session = flow.single_sign_on_session_configuration
    return (
        session.is_keep_me_signed_in_enabled and session.session_scope is not SessionScope.DISABLED
    )
