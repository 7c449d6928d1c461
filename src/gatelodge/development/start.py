"""Make ready what a development server runs on."""

from dataclasses import dataclass
from pathlib import Path

from gatelodge.development.chance import ReplaceableRandomness, stream
from gatelodge.development.data_directory import DataDirectory
from gatelodge.development.seed import Seed, derive_seed
from gatelodge.randomness import Randomness, SystemRandomness


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The files, the seed and the chance of one development server."""

    directory: DataDirectory
    seed: Seed
    randomness: ReplaceableRandomness
    master_key: bytes
    is_repeatable: bool


def set_stage(path: Path, wanted_seed: int | None) -> Stage:
    """Open the data directory at `path`, or make it.

    With a seed everything repeats; without one only the tenant stays the same from start to
    start. Raises `Invalid` when the directory was seeded with another number.
    """
    directory = DataDirectory(path)
    directory.prepare()
    system = SystemRandomness()
    seed = directory.seed(wanted_seed, system)
    is_repeatable = wanted_seed is not None
    chance: Randomness = stream(seed, "master key") if is_repeatable else system
    return Stage(
        directory=directory,
        seed=derive_seed(seed),
        randomness=ReplaceableRandomness(system),
        master_key=directory.master_key(chance),
        is_repeatable=is_repeatable,
    )
