"""`grant_type=…:device_code`: a device polls until somebody has signed in for it (RFC 8628)."""

from dataclasses import dataclass
from datetime import timedelta

from gatelodge.crypto.digest import digest_of
from gatelodge.model.device_request import POLL_INTERVAL_S, DeviceRequest
from gatelodge.model.grant import Grant
from gatelodge.model.identifier import key_of
from gatelodge.oidc.errors import Code, TokenRefused, token_refused
from gatelodge.oidc.grants.standing import check_standing, end_grant, remaining_scope
from gatelodge.oidc.token_answer import TokenAnswer, TokenAnswers
from gatelodge.oidc.token_request import TokenRequest
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores

DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
SHORT_DEVICE_CODE = "device_code"
"""What Microsoft's client for Node says for it."""


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """Redeems a device code, once, when there is a grant for it."""

    database: Database
    answers: TokenAnswers

    async def __call__(self, request: TokenRequest) -> bytes:
        """Return tokens for `device_code`, or that it is too early, too late, or refused."""
        stores = self.database.read(request.directory_id)
        device = await stores.device_requests.get(digest_of(request.required("device_code")))
        if device is None or not _is_of(request, device):
            raise token_refused(Code.ACCOUNT_GONE)
        grant = await self._grant(request, device, stores)
        if device.redeemed_at is not None:
            raise await end_grant(request, grant, self.database, self.answers.randomness)
        account = await check_standing(request, grant, stores)
        scope = await remaining_scope(request, grant)
        answer = await self.answers.make(request, account, grant, scope)
        if not await self._redeem(request, device, grant, answer):
            raise await end_grant(request, grant, self.database, self.answers.randomness)
        return answer.body

    async def _grant(self, request: TokenRequest, device: DeviceRequest, stores: Stores) -> Grant:
        """Return the grant somebody left; raise what RFC 8628 §3.5 says when there is none."""
        if device.is_refused:
            raise TokenRefused("access_denied", Code.CANCELLED, "Nobody signed in for the device.")
        if request.now >= device.expires_at:
            sentence = "The device code is too old; ask again."
            raise TokenRefused("expired_token", Code.GRANT_EXPIRED, sentence)
        if device.grant_id is None:
            raise await self._not_yet(request, device)
        grant = await stores.grants.get(device.grant_id)
        if grant is None:
            raise token_refused(Code.ACCOUNT_GONE)
        return grant

    async def _not_yet(self, request: TokenRequest, device: DeviceRequest) -> TokenRefused:
        pause = timedelta(seconds=device.interval_s)
        is_early = device.polled_at is not None and request.now < device.polled_at + pause
        interval_s = device.interval_s + (POLL_INTERVAL_S if is_early else 0)
        await self.database.write(
            request.directory_id,
            lambda stores: stores.device_requests.note_poll(device.id, interval_s, request.now),
        )
        if is_early:
            return TokenRefused("slow_down", None, f"Wait {interval_s} s before asking again.")
        return TokenRefused("authorization_pending", None, "Nobody has signed in yet.")

    async def _redeem(
        self, request: TokenRequest, device: DeviceRequest, grant: Grant, answer: TokenAnswer
    ) -> bool:
        async def work(stores: Stores) -> bool:
            if not await stores.device_requests.redeem(device.id, request.now):
                return False
            if request.key_thumbprint is not None and not request.client.is_authenticated:
                await stores.grants.bind(grant.id, request.key_thumbprint)
            if answer.refresh_token is not None:
                await stores.refresh_tokens.add(answer.refresh_token)
            return True

        return await self.database.write(request.directory_id, work)


def _is_of(request: TokenRequest, device: DeviceRequest) -> bool:
    is_here = key_of(device.user_flow_id) == key_of(request.user_flow.id)
    return is_here and device.client_id == request.client.application.app_id
