"""Nonces for proofs of possession (RFC 9449 §8, §9): a proof cannot be made long beforehand.

A nonce is a window of time and a code over it. Nothing is stored, and every node knows every
other node's.
"""

from dataclasses import dataclass
from datetime import datetime

from gatelodge.crypto.digest import is_same
from gatelodge.crypto.seal import Sealer
from gatelodge.oidc.provider import Provider

WINDOW_S = 120
"""A nonce counts in the window it was made in, and in the next."""
HEADER = "DPoP-Nonce"


@dataclass(frozen=True, slots=True)
class ProofNonces:
    """Makes and recognises nonces, where a directory demands them."""

    sealer: Sealer

    def demanded(self, provider: Provider, nonce: object, now: datetime) -> str | None:
        """Return the nonce a proof has to have instead of `nonce`; None when it may stay."""
        directory = provider.directory
        if not directory.switches.demands_proof_nonces:
            return None
        window = int(now.timestamp()) // WINDOW_S
        good = [self._nonce(directory.id, each) for each in (window, window - 1)]
        if isinstance(nonce, str) and any(is_same(nonce, each) for each in good):
            return None
        return good[0]

    def _nonce(self, directory_id: str, window: int) -> str:
        return self.sealer.mac("proof-nonce", directory_id, str(window))
