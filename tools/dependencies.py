"""Whether the pinned dependencies are safe to ship: pinned by hash, installed as pinned, free licences, no known hole.

It needs no network. Known holes come from a file that somebody with one fetched: the PyPI part of the OSV database
(osv.dev, "all.zip"). Without the file the rest is checked and the exit code is 3: not looked at is not clean.

    python tools/dependencies.py --advisories all.zip
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

LOCK = Path(__file__).parents[1] / "requirements.lock"
_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[^\]]*\])?==(?P<version>[^\s;\\]+)")
_TORCH = re.compile(r"^# torch==(?P<version>\S+)", re.MULTILINE)
_COPYLEFT = re.compile(r"\bA?GPL|GNU (Affero )?General Public", re.IGNORECASE)


@dataclass(frozen=True)
class Pin:
    """One package of the lock file."""

    name: str
    version: str
    hashed: bool


def pins(lock: str) -> list[Pin]:
    """The packages of a lock file.

    >>> pins("joserfc==1.8.0 \\\\\\n    --hash=sha256:ab\\n")
    [Pin(name='joserfc', version='1.8.0', hashed=True)]
    """
    joined = lock.replace("\\\n", " ").splitlines()
    found = [(match, line) for line in joined if (match := _PIN.match(line.strip()))]
    whole = [Pin(canonicalize_name(one["name"]), one["version"], "--hash=sha256:" in line) for one, line in found]
    torch = _TORCH.search(lock)  # its file differs by platform, so the lock names it without a hash
    return whole + ([Pin("torch", torch["version"], hashed=True)] if torch else [])


def affected(pin: Pin, advisory: dict[str, Any]) -> bool:
    """Whether an advisory (OSV schema 1.6) speaks of that version of that package."""
    if advisory.get("withdrawn"):
        return False
    for one in advisory.get("affected", ()):
        package = one.get("package", {})
        if package.get("ecosystem") != "PyPI" or canonicalize_name(package.get("name", "")) != pin.name:
            continue
        if pin.version in one.get("versions", ()) or any(_within(pin.version, span) for span in one.get("ranges", ())):
            return True
    return False


def _within(version: str, span: dict[str, Any]) -> bool:
    """Whether a version lies in a range of events, in the order of versions."""
    if span.get("type") != "ECOSYSTEM":
        return False
    here, inside = Version(version), False
    for kind, at in sorted(_events(span), key=lambda event: event[1]):
        if kind == "introduced" and here >= at:
            inside = True
        elif (kind == "fixed" and here >= at) or (kind == "last_affected" and here > at):
            inside = False
    return inside


def _events(span: dict[str, Any]) -> Iterator[tuple[str, Version]]:
    for event in span.get("events", ()):
        for kind, written in event.items():
            try:
                yield kind, Version("0.dev0" if written == "0" else written)
            except InvalidVersion:
                continue


def advisories(archive: Path, names: set[str]) -> Iterator[dict[str, Any]]:
    """Those of an OSV archive that name one of these packages."""
    with zipfile.ZipFile(archive) as held:
        for name in held.namelist():
            told = json.loads(held.read(name))
            spoken_of = {canonicalize_name(one.get("package", {}).get("name", "")) for one in told.get("affected", ())}
            if spoken_of & names:
                yield told


def faults(found: Iterable[Pin]) -> Iterator[str]:
    """What is wrong with the pins beside known holes."""
    for pin in found:
        if not pin.hashed:
            yield f"{pin.name}: no hash"
        try:
            there = version(pin.name).split("+")[0]
        except PackageNotFoundError:
            continue
        if there != pin.version:
            yield f"{pin.name}: {there} is installed, {pin.version} is pinned"
        if copyleft(pin.name):
            yield f"{pin.name}: its licence is not permissive"


def copyleft(name: str) -> bool:
    """Whether an installed package says that it is under the GPL or AGPL and under nothing else."""
    told = distribution(name).metadata
    said = told.get("License-Expression") or told.get("License") or ""
    classes = [one for one in told.get_all("Classifier") or () if one.startswith("License ::")]
    free = [one for one in classes if not _COPYLEFT.search(one) and "OSI Approved ::" in one]
    choice = " OR " in said
    first = said.splitlines()[0] if said else ""
    return not free and not choice and bool(_COPYLEFT.search(first) or any(map(_COPYLEFT.search, classes)))


def main() -> int:
    """0 clean, 2 a fault, 3 the advisories were not looked at."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lock", type=Path, default=LOCK)
    parser.add_argument("--advisories", type=Path, help="all.zip of the PyPI part of the OSV database")
    given = parser.parse_args()
    found = pins(given.lock.read_text(encoding="utf-8"))
    wrong = list(faults(found))
    if given.advisories:
        for told in advisories(given.advisories, {one.name for one in found}):
            wrong += [f"{one.name} {one.version}: {told['id']}" for one in found if affected(one, told)]
    for one in wrong:
        print(one)
    print(f"{len(found)} packages, {len(wrong)} faults", "" if given.advisories else "(advisories not looked at)")
    return 2 if wrong else 0 if given.advisories else 3


if __name__ == "__main__":
    sys.exit(main())
