"""`/_dev/messages`: what was sent to people, for tests that read it."""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gatelodge.mail.inbox import Inbox
from gatelodge.model.identifier import DirectoryId
from gatelodge.model.message import Message
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores

MAX_WAIT_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Messages:
    """`GET|DELETE /_dev/messages`: the newest first; waits for one when asked to."""

    database: Database
    directory_id: DirectoryId
    inbox: Inbox

    async def __call__(self, request: Request) -> Response:
        """Read or clear the inbox."""
        if request.method == "DELETE":
            await self.clear()
            return Response(status_code=204)
        query = request.query_params
        wait_s = _wait_s(query)
        if wait_s is None:
            return JSONResponse({"error": f"wait_s is a number from 0 to {MAX_WAIT_S:g}"}, 400)
        found = await self._wait(query.get("to"), query.get("since"), wait_s)
        return JSONResponse([_json(each) for each in found])

    async def clear(self) -> None:
        """Forget every message."""

        async def work(stores: Stores) -> None:
            await stores.messages.clear()

        await self.database.write(self.directory_id, work)

    async def latest(self, to: str | None = None, since: str | None = None) -> list[Message]:
        """Return delivered messages to an address (any case), after the one with id `since`."""
        found = []
        for message in await self.database.read(self.directory_id).messages.latest():
            if message.id == since:
                break
            is_wanted = to is None or message.to.casefold() == to.casefold()
            if message.sent_at is not None and is_wanted:
                found.append(message)
        return found

    async def _wait(self, to: str | None, since: str | None, wait_s: float) -> list[Message]:
        loop = asyncio.get_running_loop()
        end = loop.time() + wait_s
        while True:
            # Asked for before reading, so that nothing can arrive unnoticed in between.
            arrival = self.inbox.expect()
            try:
                found = await self.latest(to, since)
                left = end - loop.time()
                if found or left <= 0 or self.inbox.is_closed:
                    return found
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(arrival, left)
            finally:
                self.inbox.forget(arrival)


def _wait_s(query: Mapping[str, str]) -> float | None:
    try:
        wait_s = float(query.get("wait_s", "0"))
    except ValueError:
        return None
    return wait_s if 0 <= wait_s <= MAX_WAIT_S else None


def _json(message: Message) -> dict[str, object]:
    return {
        "id": message.id,
        "channel": message.channel,
        "to": message.to,
        "subject": message.subject,
        "text": message.text,
        "html": message.html,
        "code": message.code,
        "sent_at": None if message.sent_at is None else message.sent_at.isoformat(),
    }
