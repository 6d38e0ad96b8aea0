"""Finds lines that stand in many notes (letterheads, disclaimers, templates), in one pass and 8 bytes a line.

A short line that recurs ("no known allergies", 既往体健) is a finding, not boilerplate: only long lines count.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from bedside.cleaning.language import HAN

LEAST_NOTES = 20
"""A line in fewer notes than this is not boilerplate, whatever its share."""
LONG = 40
"""Letters from which a line is long; a Chinese character says as much as three of them."""


def line_keys(text: str) -> NDArray[np.uint64]:
    """A hash for each different long line of a note. Digits do not count: "Page 3 of 7" is "Page 4 of 7"."""
    keys = {key for line in text.splitlines() if (key := _key(line)) is not None}
    return np.fromiter(keys, np.uint64, len(keys))


def find_boilerplate(keys: Iterable[NDArray[np.uint64]], *, share: float = 0.2) -> dict[int, int]:
    """Hashes of the lines that stand in at least `share` of the notes, with the number of notes."""
    arrays = list(keys)
    if not arrays:
        return {}
    found, counts = np.unique(np.concatenate(arrays), return_counts=True)
    least = max(LEAST_NOTES, share * len(arrays))
    often = counts >= least
    return dict(zip(found[often].tolist(), counts[often].tolist(), strict=True))


def without_boilerplate(text: str, boilerplate: dict[int, int]) -> str:
    """The note without those lines."""
    kept = [line for line in text.splitlines() if _key(line) not in boilerplate]
    return "\n".join(kept)


def _key(line: str) -> int | None:
    plain = re.sub(r"[\d\s]+", " ", line).strip().lower()
    if len(plain) + 2 * len(HAN.findall(plain)) < LONG:
        return None
    return int.from_bytes(hashlib.blake2b(plain.encode(), digest_size=8).digest(), "little")
