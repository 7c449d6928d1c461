"""Challenges for passkeys: made by us for one page, and good for one answer."""

from dataclasses import dataclass
from datetime import datetime

from gatelodge.crypto.digest import digest_of, is_same
from gatelodge.crypto.passkeys import read_challenge
from gatelodge.crypto.seal import Sealer
from gatelodge.errors import Stale
from gatelodge.model.interaction import Interaction
from gatelodge.randomness import Randomness
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores


@dataclass(frozen=True, slots=True)
class UseChallenge:
    """Use a challenge up."""

    digest: str
    expires_at: datetime

    async def __call__(self, stores: Stores) -> None:
        """Write that it was used; raise `Stale` when it was used meanwhile."""
        if not await stores.used_identifiers.use(self.digest, self.expires_at):
            raise Stale("the challenge was used meanwhile")


@dataclass(frozen=True, slots=True)
class Challenge:
    """A challenge of ours that nobody has answered yet."""

    text: str
    used: UseChallenge


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenges:
    """Makes challenges and knows them again (WebAuthn §13.4.3).

    A challenge is a random value with a keyed digest of it, of the interaction and of what it is
    for. So showing a page stores nothing, however often; what is stored is that one was answered.
    """

    database: Database
    sealer: Sealer
    randomness: Randomness

    def new(self, interaction: Interaction, *purpose: str) -> str:
        """Return a challenge for one page that is shown."""
        return self._sealed(interaction, purpose, self.randomness.opaque())

    async def find(self, interaction: Interaction, answer: str, *purpose: str) -> Challenge | None:
        """Return the challenge an answer is to, None when it is not ours or was answered before.

        Raises `NotGenuine` for what is no answer.
        """
        text = read_challenge(answer)
        value = text.partition(".")[0]
        if not is_same(text, self._sealed(interaction, purpose, value)):
            return None
        digest = digest_of(f"passkey|{text}")
        stores = self.database.read(interaction.directory_id)
        if await stores.used_identifiers.get(digest) is not None:
            return None
        return Challenge(text, UseChallenge(digest, interaction.expires_at))

    def _sealed(self, interaction: Interaction, purpose: tuple[str, ...], value: str) -> str:
        return f"{value}.{self.sealer.mac('passkey', interaction.id, value, *purpose)}"
