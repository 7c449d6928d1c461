"""Show where somebody is signed in, and end all of it at once."""

from dataclasses import dataclass

from gatelodge.clock import Clock
from gatelodge.journeys.outcome import Outcome, Show
from gatelodge.journeys.own_account.ending import SignOutEverywhere
from gatelodge.journeys.own_account.task import Situation
from gatelodge.journeys.own_account.told import Told
from gatelodge.model.audit import EventName
from gatelodge.pages.form import Submitted, pressed
from gatelodge.pages.own_account import SIGN_OUT_EVERYWHERE, sessions_page
from gatelodge.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """Lists the sessions that are alive, by application and time."""

    database: Database
    told: Told
    clock: Clock

    async def enter(self, situation: Situation) -> Outcome:
        """Show the sessions."""
        return Show(page=sessions_page(lines=await self._lines(situation)))

    async def submit(self, situation: Situation, form: Submitted) -> Outcome:
        """End every session and every grant; this browser's session begins anew."""
        page = sessions_page(lines=())
        match pressed(page, form):
            case "cancel":
                return situation.back()
            case _ as action if action == SIGN_OUT_EVERYWHERE:
                now = self.clock()
                return situation.over(
                    "signed_out_everywhere",
                    situation.signed_in_anew(now),
                    SignOutEverywhere(situation.account, now),
                    *self.told(situation, EventName.SIGNED_OUT_EVERYWHERE, "signed_out_everywhere"),
                )
            case _:
                return await self.enter(situation)

    async def _lines(self, situation: Situation) -> tuple[str, ...]:
        account, now = situation.account, self.clock()
        stores = self.database.read(account.directory_id)
        alive = [
            each
            for each in await stores.sessions.all_of(account.id)
            if each.expires_at > now and each.auth_time >= account.sign_in_sessions_valid_from
        ]
        lines = []
        for each in alive:
            found = await stores.applications.by_app_id(each.client_id)
            name = each.client_id if found is None else found.display_name
            lines.append(f"{each.last_used_at:%Y-%m-%d %H:%M} UTC  {name}")
        return tuple(lines)
