"""Delete the account, when the person means it."""

from dataclasses import dataclass

from gatelodge.clock import Clock
from gatelodge.journeys.outcome import Outcome, Refusal, Refuse, Show
from gatelodge.journeys.own_account.ending import DeleteAccount
from gatelodge.journeys.own_account.task import Situation
from gatelodge.journeys.own_account.told import Told
from gatelodge.model.audit import EventName
from gatelodge.pages.form import Submitted, pressed, read_answers
from gatelodge.pages.own_account import DELETE, deletion_page
from gatelodge.pages.page import Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """Puts the account aside for as long as an administrator can bring one back."""

    told: Told
    clock: Clock

    async def enter(self, situation: Situation) -> Outcome:
        """Ask."""
        return Show(page=deletion_page())

    async def submit(self, situation: Situation, form: Submitted) -> Outcome:
        """Delete the account if the tick is set; the application gets no tokens."""
        page = deletion_page()
        match pressed(page, form):
            case "cancel":
                return situation.back()
            case _ as action if action == DELETE:
                if not read_answers(page, form).text("isDeletionMeant"):
                    notice = Notice("error_not_confirmed", "isDeletionMeant")
                    return Show(page=deletion_page(notices=(notice,)))
                return Refuse(
                    reason=Refusal.ACCOUNT_DELETED,
                    changes=(
                        *self.told(situation, EventName.ACCOUNT_DELETED, "account_deleted"),
                        DeleteAccount(situation.account, self.clock()),
                    ),
                )
            case _:
                return Show(page=page)
