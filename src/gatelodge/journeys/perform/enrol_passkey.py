"""Have somebody set a passkey up as the second factor: one of the ways of setting one up."""

from dataclasses import dataclass, replace

from gatelodge.clock import Clock
from gatelodge.journeys.enrolment import Enrolment
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.factor_facts import with_factor
from gatelodge.journeys.factor_rules import passkey_methods
from gatelodge.journeys.new_passkeys import Made, NewPasskeys
from gatelodge.journeys.outcome import Change, Done, Outcome, Show
from gatelodge.journeys.place import Place
from gatelodge.model.account import Account
from gatelodge.model.interaction import Facts, Interaction
from gatelodge.model.proof import ProofKind
from gatelodge.model.second_factor import FactorKind
from gatelodge.pages.form import Submitted
from gatelodge.pages.page import Notice, Page
from gatelodge.pages.second_factor import Ways, new_passkey_page, recovery_codes_page
from gatelodge.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolPasskey:
    """Has the browser make a passkey, and stores it with the proof that it was shown."""

    database: Database
    passkeys: NewPasskeys
    enrolment: Enrolment
    evidence: Evidence
    clock: Clock

    async def page(
        self, place: Place, interaction: Interaction, account: Account, ways: Ways
    ) -> Page | None:
        """Return the page that asks for it, None when the account has enough."""
        prompt = await self.passkeys.invite(place, interaction, account)
        return None if prompt is None else new_passkey_page(prompt, ways)

    async def take(
        self, place: Place, interaction: Interaction, account: Account, page: Page, form: Submitted
    ) -> Outcome:
        """Take what the browser made; recovery codes come with the first one."""
        made = await self.passkeys.made(place, interaction, account, form)
        if isinstance(made, Notice):
            return Show(page=replace(page, notices=(made,)))
        facts = self._facts(interaction.facts, made)
        proof = self.evidence.proof(
            interaction, ProofKind.SECOND_FACTOR, made.passkey.id, account.id
        )
        added = self.enrolment.added_passkey(place, interaction, account)
        changes: tuple[Change, ...] = (*made.changes, *added, proof)
        if not await self._lacks_codes(place, account):
            return Done(facts=facts, changes=changes)
        codes, more = self.enrolment.new_codes(place, interaction, account)
        untold = replace(facts, factor=replace(facts.factor, is_missing=True, tells_codes=True))
        return Show(page=recovery_codes_page(codes), facts=untold, changes=(*changes, *more))

    def _facts(self, facts: Facts, made: Made) -> Facts:
        return with_factor(
            facts,
            FactorKind.PASSKEY,
            None,
            is_missing=False,
            at=self.clock(),
            is_new=True,
            methods=passkey_methods(is_synced=made.passkey.is_synced, is_user_verified=True),
        )

    async def _lacks_codes(self, place: Place, account: Account) -> bool:
        """Return whether recovery codes are to be made beside a passkey: those there are stay."""
        configuration = place.user_flow.multifactor_authentication_configuration
        if not configuration.are_recovery_codes_issued:
            return False
        return await self.database.read(place.directory.id).recovery_codes.unused(account.id) == 0
