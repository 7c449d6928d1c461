"""A device with passkeys: what an authenticator and a browser send, and what attackers would."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from gatelodge.crypto.digest import base64url, from_base64url

_PRESENT, _VERIFIED, _ELIGIBLE, _BACKED_UP, _ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40


@dataclass(slots=True)
class Credential:
    """A key pair for one account at one host."""

    id: bytes
    user_handle: bytes
    key: ec.EllipticCurvePrivateKey
    count: int = 0


@dataclass(slots=True)
class PasskeyDevice:
    """Makes credentials and answers questions. Everything it says of itself can be changed."""

    origin: str
    rp_id: str
    verifies_user: bool = True
    is_present: bool = True
    is_synced: bool = False
    counts: bool = True
    made: list[Credential] = field(default_factory=list)

    def create(self, question: dict[str, Any], **changes: Any) -> str:
        """Return a browser's answer to an invitation, as the form carries it."""
        credential = Credential(
            id=changes.get("credential_id", secrets.token_bytes(16)),
            user_handle=from_base64url(question["user"]["id"]),
            key=ec.generate_private_key(ec.SECP256R1()),
        )
        self.made.append(credential)
        numbers = credential.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        attested = bytes(16) + len(credential.id).to_bytes(2) + credential.id
        data = self._data(credential, _ATTESTED) + attested + cbor2.dumps(public)
        statement = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        response = {
            "clientDataJSON": self._client("webauthn.create", question, changes),
            "attestationObject": base64url(statement),
        }
        return self._answer(credential.id, response)

    def get(
        self, question: dict[str, Any], credential: Credential | None = None, **changes: Any
    ) -> str:
        """Return a browser's answer to a question; `user_handle` may be somebody else's."""
        credential = credential or self.made[-1]
        credential.count += 1 if self.counts else 0
        data = self._data(credential, 0)
        client = self._client("webauthn.get", question, changes)
        signed = data + hashlib.sha256(from_base64url(client)).digest()
        response = {
            "clientDataJSON": client,
            "authenticatorData": base64url(data),
            "signature": base64url(credential.key.sign(signed, ec.ECDSA(hashes.SHA256()))),
            "userHandle": base64url(changes.get("user_handle", credential.user_handle)),
        }
        if not response["userHandle"]:
            del response["userHandle"]
        return self._answer(credential.id, response)

    def _data(self, credential: Credential, more: int) -> bytes:
        flags = more | (_PRESENT if self.is_present else 0)
        flags |= _VERIFIED if self.verifies_user else 0
        flags |= _ELIGIBLE | _BACKED_UP if self.is_synced else 0
        host = hashlib.sha256(self.rp_id.encode()).digest()
        return host + bytes([flags]) + credential.count.to_bytes(4)

    def _client(self, kind: str, question: dict[str, Any], changes: dict[str, Any]) -> str:
        said = {
            "type": changes.get("kind", kind),
            "challenge": changes.get("challenge", question["challenge"]),
            "origin": changes.get("origin", self.origin),
            "crossOrigin": changes.get("is_cross_origin", False),
        }
        return base64url(json.dumps(said).encode())

    def _answer(self, credential_id: bytes, response: dict[str, str]) -> str:
        name = base64url(credential_id)
        return json.dumps(
            {
                "id": name,
                "rawId": name,
                "type": "public-key",
                "clientExtensionResults": {},
                "response": response,
            }
        )
