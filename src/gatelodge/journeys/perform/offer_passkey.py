"""Offer somebody who just signed up to make a passkey; it may be left for later."""

from dataclasses import dataclass, replace

from gatelodge.journeys.identified import identified_account
from gatelodge.journeys.new_passkeys import NewPasskeys
from gatelodge.journeys.outcome import Done, Outcome, Refusal, Refuse, Show
from gatelodge.journeys.passkeys import PASSKEY
from gatelodge.journeys.place import Place
from gatelodge.model.interaction import Interaction
from gatelodge.pages.catalogue import SKIP, passkey_page
from gatelodge.pages.form import Submitted, pressed
from gatelodge.pages.page import Notice, Page
from gatelodge.storage.database import Database


@dataclass(frozen=True, slots=True)
class OfferPasskey:
    """Ask once. Only somebody who proved to be the account's owner in this journey gets here."""

    database: Database
    passkeys: NewPasskeys

    async def enter(self, place: Place, interaction: Interaction) -> Outcome:
        """Show the offer; without a script there is nothing to offer, and the person goes on."""
        account = await identified_account(self.database, place, interaction.facts)
        if account is None:
            return Refuse(reason=Refusal.NO_SUCH_ACCOUNT)
        prompt = await self.passkeys.invite(place, interaction, account)
        return Done() if prompt is None else Show(page=passkey_page(prompt))

    async def submit(self, place: Place, interaction: Interaction, form: Submitted) -> Outcome:
        """Store what the browser made, or go on without."""
        entered = await self.enter(place, interaction)
        if not isinstance(entered, Show):
            return entered
        match pressed(entered.page, form):
            case action if action == PASSKEY:
                return await self._store(place, interaction, form, entered.page)
            case action if action == SKIP:
                return Done()
            case _:
                return entered

    async def _store(
        self, place: Place, interaction: Interaction, form: Submitted, page: Page
    ) -> Outcome:
        account = await identified_account(self.database, place, interaction.facts)
        if account is None:
            return Refuse(reason=Refusal.NO_SUCH_ACCOUNT)
        made = await self.passkeys.made(place, interaction, account, form)
        if isinstance(made, Notice):
            return Show(page=replace(page, notices=(made,)))
        return Done(changes=made.changes)
