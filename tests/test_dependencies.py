"""The dependencies that ship: all pinned by hash, and an advisory that speaks of a pinned version is found."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[1]
TOOL = ROOT / "tools" / "dependencies.py"


def tool() -> Any:
    spec = importlib.util.spec_from_file_location("dependencies_tool", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def advisory(*events: dict[str, str], name: str = "Jose_RFC", **more: Any) -> dict[str, Any]:
    affected = {"package": {"ecosystem": "PyPI", "name": name}, "ranges": [{"type": "ECOSYSTEM", "events": [*events]}]}
    return {"id": "X-1", "affected": [affected], **more}


def test_every_package_of_the_lock_is_pinned_by_hash() -> None:
    found = tool().pins((ROOT / "requirements.lock").read_text())
    assert len(found) > 50
    assert [one.name for one in found if not one.hashed] == []
    assert {"torch", "cryptography", "joserfc"} <= {one.name for one in found}


def test_what_is_locked_runs_on_the_lowest_python_that_is_promised() -> None:
    promised = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    lowest = f"{promised.removeprefix('>=')}.0"
    wanted = {
        one.name: distribution(one.name).metadata["Requires-Python"] or ""
        for one in tool().pins((ROOT / "requirements.lock").read_text())
    }
    assert [name for name, pythons in wanted.items() if lowest not in SpecifierSet(pythons)] == []


@pytest.mark.parametrize(
    ("told", "hit"),
    [
        (advisory({"introduced": "0"}, {"fixed": "1.8.1"}), True),
        (advisory({"introduced": "0"}, {"fixed": "1.8.0"}), False),
        (advisory({"introduced": "1.8.0"}), True),
        (advisory({"introduced": "1.9"}), False),
        (advisory({"introduced": "0"}, {"last_affected": "1.8.0"}), True),
        (advisory({"introduced": "0"}, {"last_affected": "1.7.9"}), False),
        (advisory({"introduced": "0"}, {"fixed": "1.2"}, {"introduced": "1.5"}, {"fixed": "1.9"}), True),
        (advisory({"introduced": "0"}, name="another"), False),
        (advisory({"introduced": "0"}, withdrawn="2026-01-01T00:00:00Z"), False),
    ],
)
def test_an_advisory_fits_the_versions_that_it_speaks_of(told: dict[str, Any], hit: bool) -> None:
    module = tool()
    assert module.affected(module.Pin("jose-rfc", "1.8.0", hashed=True), told) == hit


def test_a_hole_in_what_is_pinned_fails_and_advisories_not_looked_at_are_not_clean(tmp_path: Path) -> None:
    lock, archive = tmp_path / "lock", tmp_path / "all.zip"
    lock.write_text("not-installed-anywhere==1.8.0 \\\n    --hash=sha256:ab\n")

    def run(*words: str) -> int:
        return subprocess.run([sys.executable, TOOL, "--lock", lock, *words], capture_output=True).returncode

    for name, code in (("not_installed.anywhere", 2), ("another", 0)):
        with zipfile.ZipFile(archive, "w") as held:
            held.writestr("X-1.json", json.dumps(advisory({"introduced": "0"}, name=name)))
        assert run("--advisories", str(archive)) == code
    assert run() == 3
