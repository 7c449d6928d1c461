"""Tell applications, from server to server, that sessions ended (OIDC Back-Channel Logout 1.0)."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from gatelodge.clock import Clock
from gatelodge.model.identifier import DirectoryId
from gatelodge.model.logout_notice import LogoutNotice
from gatelodge.oidc.provider import Provider, Providers
from gatelodge.oidc.subject import sid_of, subject_claims
from gatelodge.outbound import NotAllowed, NotReached
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores

EVENT = "http://schemas.openid.net/event/backchannel-logout"
TOKEN_TYPE = "logout+jwt"
TOKEN_LIFETIME_S = 120
MAX_ATTEMPTS = 6
_FIRST_DELAY_S = 5
_SERVER_TROUBLE = 500

_log = logging.getLogger("gatelodge.logout")


class Post(Protocol):
    """Sends a form to an application."""

    async def post_form(self, url: str, form: dict[str, str]) -> int:
        """Return the status of the answer. Raises `NotAllowed` or `NotReached`."""
        ...


def logout_token_claims(provider: Provider, notice: LogoutNotice, now: datetime) -> dict[str, Any]:
    """Return the claims of a logout token (§2.4): it names the session, and nobody can sign in."""
    issued = int(now.timestamp())
    flow = provider.user_flow
    subject = {} if flow is None else subject_claims(flow, notice.account_id)
    return {
        "iss": provider.issuer,
        **subject,
        "aud": notice.client_id,
        "iat": issued,
        "exp": issued + TOKEN_LIFETIME_S,
        "jti": notice.id,
        "sid": sid_of(notice.session_id),
        "events": {EVENT: {}},
    }


@dataclass(frozen=True, slots=True)
class BackChannel:
    """Sends what transactions queued: of several processes one sends a notice, and it tries again.

    The address is the one the application has when the notice leaves.
    """

    database: Database
    providers: Providers
    outbound: Post
    clock: Clock
    poll_s: float = 1.0

    async def run(self) -> None:
        """Send for ever; a failure is logged and the next round tries again."""
        while True:
            await asyncio.sleep(self.poll_s)
            try:
                await self.send_due()
            except Exception:  # noqa: BLE001 - a loop outlives every failure
                _log.exception("notices of ended sessions could not be sent")

    async def send_due(self) -> int:
        """Send everything that is due now; return how many notices arrived."""
        sent = 0
        everywhere = self.database.read(DirectoryId(""))
        for directory_id in await everywhere.logout_notices.directories_waiting(self.clock()):
            due = await self.database.read(directory_id).logout_notices.due(self.clock())
            sent += sum(await asyncio.gather(*(self._send(each) for each in due)))
        return sent

    async def _send(self, notice: LogoutNotice) -> bool:
        until = self.clock() + timedelta(seconds=_FIRST_DELAY_S * 2**notice.attempts)

        async def claim(stores: Stores) -> bool:
            return await stores.logout_notices.claim(notice, until)

        if not await self.database.write(notice.directory_id, claim):
            return False
        is_last = notice.attempts + 1 >= MAX_ATTEMPTS
        try:
            status = await self._post(notice)
        except NotReached as error:
            _record("application not reached", notice, str(error))
            if is_last:
                await self._drop(notice)
            return False
        except NotAllowed as error:
            _record("application cannot be told", notice, str(error))
            await self._drop(notice)
            return False
        if status >= _SERVER_TROUBLE and not is_last:
            _record("application is in trouble", notice, str(status))
            return False
        await self._drop(notice)
        return True

    async def _post(self, notice: LogoutNotice) -> int:
        provider = await self.providers.find(
            notice.directory_id, notice.user_flow_id, notice.own_host
        )
        if provider is None:
            raise NotAllowed("the user flow is gone")
        application = await self.providers.application(provider, notice.client_id)
        if application is None or application.web_back_channel_logout_url is None:
            raise NotAllowed("the application is gone or has no address")
        claims = logout_token_claims(provider, notice, self.clock())
        token = provider.key_set.sign(claims, token_type=TOKEN_TYPE)
        return await self.outbound.post_form(
            application.web_back_channel_logout_url, {"logout_token": token}
        )

    async def _drop(self, notice: LogoutNotice) -> None:
        async def drop(stores: Stores) -> None:
            await stores.logout_notices.remove(notice.id)

        await self.database.write(notice.directory_id, drop)


def _record(sentence: str, notice: LogoutNotice, why: str) -> None:
    _log.warning("%s: %s", sentence, why, extra={"client_id": notice.client_id})
