"""Show what somebody signs in with; link what a provider vouches for, or take it away."""

from dataclasses import dataclass, replace

from gatelodge.clock import Clock
from gatelodge.crypto.digest import digest_of
from gatelodge.journeys.offered_providers import Offer
from gatelodge.journeys.outcome import Outcome, Show
from gatelodge.journeys.own_account.ending import SignOutEverywhere
from gatelodge.journeys.own_account.linking import Linking
from gatelodge.journeys.own_account.task import Situation
from gatelodge.journeys.own_account.told import Told
from gatelodge.journeys.own_account.ways_in import linked_identities, ways_in
from gatelodge.journeys.provider_visits import STATE
from gatelodge.model.account import SignInName, SignInType
from gatelodge.model.audit import EventName
from gatelodge.pages.form import Submitted, pressed
from gatelodge.pages.own_account import LINK, UNLINK, identities_page
from gatelodge.pages.page import Notice, Option, Page
from gatelodge.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Identities:
    """Links and unlinks identities, but never takes the last way in."""

    database: Database
    linking: Linking
    told: Told
    clock: Clock

    async def enter(self, situation: Situation) -> Outcome:
        """Show the names and the identities."""
        return Show(page=await self._page(situation, await self.linking.offers(situation)))

    async def submit(self, situation: Situation, form: Submitted) -> Outcome:
        """Take one press of a button, or the answer of a provider."""
        offers = await self.linking.offers(situation)
        page = await self._page(situation, offers)
        if STATE in form:
            return await self.linking.arrived(situation, form, page)
        match pressed(page, form):
            case "cancel":
                return situation.back()
            case str() as action if action.startswith(UNLINK):
                linked = {_mark(each): each for each in linked_identities(situation.account)}
                return await self._unlink(situation, linked[action.removeprefix(UNLINK)], page)
            case str() as action if action.startswith(LINK):
                chosen = {f"{LINK}{each.exchange_id}": each.provider for each in offers}
                return await self.linking.leave(situation, chosen[action], page)
            case _:
                return Show(page=page)

    async def _unlink(self, situation: Situation, gone: SignInName, page: Page) -> Outcome:
        stores = self.database.read(situation.account.directory_id)
        if await ways_in(stores, situation.place.user_flow, situation.account) < 2:
            return Show(page=replace(page, notices=(Notice("error_last_way_in"),)))
        left = tuple(each for each in situation.account.identities if each != gone)
        now = self.clock()
        return situation.over(
            "identity_removed",
            situation.signed_in_anew(now),
            SignOutEverywhere(replace(situation.account, identities=left), now),
            *self.told(
                situation,
                EventName.IDENTITY_REMOVED,
                "identity_removed",
                {"issuer": gone.issuer},
            ),
        )

    async def _page(self, situation: Situation, offers: tuple[Offer, ...]) -> Page:
        account, names = situation.account, await self.linking.names(situation)
        local = tuple(
            each.issuer_assigned_id
            for each in account.identities
            if each.sign_in_type is not SignInType.FEDERATED
        )
        linked = tuple(
            Option(value=_mark(each), name=name)
            for each, name in zip(linked_identities(account), names, strict=True)
        )
        return identities_page(
            local=local,
            linked=linked,
            providers=tuple(Option(value=each.exchange_id, name=each.name) for each in offers),
        )


def _mark(identity: SignInName) -> str:
    """Return what tells an identity from others, also on a page that is old."""
    return digest_of(f"{identity.issuer}|{identity.issuer_assigned_id}")
