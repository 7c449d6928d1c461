"""The directory development mode keeps everything in."""

import os
from dataclasses import dataclass
from pathlib import Path

import msgspec

from gatelodge.crypto.seal import MASTER_KEY_OCTETS
from gatelodge.errors import Invalid, Problem
from gatelodge.randomness import Randomness


@dataclass(frozen=True, slots=True)
class DataDirectory:
    """Files of one development server; readable by their owner only."""

    path: Path

    @property
    def authority_certificate(self) -> Path:
        """Return the file clients are told to trust."""
        return self.path / "ca.pem"

    @property
    def authority_key(self) -> Path:
        """Return the file with the authority's private key."""
        return self.path / "ca-key.pem"

    @property
    def server_certificate(self) -> Path:
        """Return the file with the server's key and certificate."""
        return self.path / "server.pem"

    @property
    def description(self) -> Path:
        """Return the file that tells clients where everything is."""
        return self.path / "dev.json"

    @property
    def database_url(self) -> str:
        """Return the URL of the database in this directory."""
        return f"sqlite:///{self.path / 'gatelodge.db'}"

    def make(self) -> None:
        """Make the directory if it is not there."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)

    def prepare(self) -> None:
        """Make the directory; remove a description an earlier server could not remove."""
        self.make()
        self.description.unlink(missing_ok=True)

    def seed(self, wanted: int | None, randomness: Randomness) -> str:
        """Return the seed everything here comes from: `wanted`, or the one of the first start.

        Raises `Invalid` when the directory was seeded with another one.
        """
        path = self.path / "seed"
        known = path.read_text().strip() if path.exists() else None
        if known is None:
            known = str(wanted) if wanted is not None else randomness.octets(16).hex()
            self.write_private(path, known.encode())
        elif wanted is not None and known != str(wanted):
            sentence = f"{self.path} was seeded with another seed; choose another --data"
            raise Invalid(Problem("seed", sentence))
        return known

    def master_key(self, randomness: Randomness) -> bytes:
        """Return the key stored values are sealed under; the first start draws it."""
        path = self.path / "master.key"
        if not path.exists():
            self.write_private(path, randomness.octets(MASTER_KEY_OCTETS))
        return path.read_bytes()

    def write_description(self, description: object) -> None:
        """Write `dev.json` in one step: whoever sees the file sees all of it."""
        text = msgspec.json.format(msgspec.json.encode(description), indent=2)
        self.write_private(self.description, text + b"\n")

    def write_private(self, path: Path, content: bytes) -> None:
        """Replace a file in one step; only its owner may read it."""
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
