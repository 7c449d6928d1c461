"""Tell the owner of an account by mail what became of it, and write it into the audit log."""

from collections.abc import Mapping
from dataclasses import dataclass

from gatelodge.clock import Clock
from gatelodge.journeys.changes import SendMessage
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.outcome import Change
from gatelodge.journeys.own_account.task import Situation
from gatelodge.journeys.place import Place
from gatelodge.mail.factor_messages import FactorMessages
from gatelodge.model.account import Account
from gatelodge.model.audit import EventName
from gatelodge.pages.elements import ACCOUNT_CHANGE_MAIL


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Says what happened to every address the owner had before."""

    messages: FactorMessages
    evidence: Evidence
    clock: Clock

    def __call__(
        self,
        situation: Situation,
        event: EventName,
        what: str,
        detail: Mapping[str, str] | None = None,
    ) -> tuple[Change, ...]:
        """Return the changes that record it and mail it; `what` is the mail's sentence."""
        recorded = self.evidence.event(
            situation.interaction, event, situation.account.id, detail=detail
        )
        return (recorded, *self.mailed(situation.place, situation.account, what))

    def mailed(self, place: Place, account: Account, what: str) -> tuple[Change, ...]:
        """Return the changes that mail it."""
        mails = (
            self.messages.change(
                place.directory,
                place.strings,
                address,
                what,
                self.clock(),
                words=ACCOUNT_CHANGE_MAIL,
            )
            for address in account.emails
        )
        return tuple(SendMessage(each) for each in mails)
