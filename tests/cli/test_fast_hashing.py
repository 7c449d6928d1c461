"""The build of the password hashing for this processor, and what happens where there is none."""

import os
import shutil
import subprocess
from importlib.metadata import PathDistribution
from pathlib import Path

import pytest

from gatelodge.crypto import passwords
from gatelodge.crypto.passwords import is_compiled_here

ROOT = Path(__file__).parents[2]


def test_without_a_compiler_everything_stays_and_it_says_so(tmp_path: Path) -> None:
    for name in ("bash", "dirname", "grep"):
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    installed = ROOT / ".venv/.hashing"
    before = installed.exists()
    done = subprocess.run(
        [ROOT / "scripts/fast-hashing"],
        env={**os.environ, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert "the published build of argon2-cffi-bindings stays" in done.stderr
    assert installed.exists() is before


@pytest.mark.parametrize(
    ("tags", "is_ours"),
    [
        (["cp39-abi3-manylinux_2_26_x86_64", "cp39-abi3-manylinux_2_28_x86_64"], False),
        (["cp310-abi3-musllinux_1_2_x86_64"], False),
        (["cp310-abi3-linux_x86_64"], True),
        ([], False),
    ],
)
def test_a_build_of_our_own_is_told_by_its_tag(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tags: list[str], is_ours: bool
) -> None:
    lines = ["Wheel-Version: 1.0", *(f"Tag: {each}" for each in tags)]
    (tmp_path / "WHEEL").write_text("\n".join(lines) + "\n")
    monkeypatch.setattr(passwords, "distribution", lambda _name: PathDistribution(tmp_path))
    assert is_compiled_here() is is_ours
