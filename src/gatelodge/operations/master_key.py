"""The file with the installation's master key."""

import os
import stat
from pathlib import Path

from gatelodge.crypto.seal import MASTER_KEY_OCTETS
from gatelodge.errors import Invalid, Problem
from gatelodge.randomness import Randomness


def read_master_key(path: Path) -> bytes:
    """Return the key in `path`.

    Raises `Invalid`, with what to do about it, when there is none, when it has another length, or
    when somebody else than its owner may read it. A new key is never made here: everything sealed
    under the old one would be lost.
    """
    try:
        found = path.stat()
        key = path.read_bytes()
    except OSError as error:
        raise _problem(f"{path} cannot be read: {error.strerror}; restore it") from error
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise _problem(f"{path} can be read by others; chmod 600 {path}")
    if len(key) != MASTER_KEY_OCTETS:
        raise _problem(f"{path} must hold exactly {MASTER_KEY_OCTETS} octets")
    return key


def make_master_key(path: Path, randomness: Randomness) -> bytes:
    """Draw a key and write it to a new file only its owner can read.

    Raises `Invalid` when the file is there already or cannot be made.
    """
    key = randomness.octets(MASTER_KEY_OCTETS)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise _problem(f"{path} cannot be made: {error.strerror}") from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    return key


def _problem(sentence: str) -> Invalid:
    return Invalid(Problem("key_file", f"key_file {sentence}"))
