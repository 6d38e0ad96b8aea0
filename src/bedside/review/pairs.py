"""Two systems side by side, blinded: which stands left is drawn, and written in a key that lies apart."""

from __future__ import annotations

import json
import random
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from bedside.errors import DataError
from bedside.files import whole_file
from bedside.home import place
from bedside.lang import tr
from bedside.review._clean import words

Side = Literal["left", "equal", "right"]
SIDES: tuple[Side, ...] = ("left", "equal", "right")
CRITERIA = ("correct", "complete", "safe")
"""What is asked of each pair beside which is better on the whole."""

ANSWERS = ("text", "answer", "label", "output")
"""Where a line may have what a system said, the first that is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One question with two answers; which system gave which is not here."""

    study: str
    id: str
    input: str = field(repr=False)
    left: str = field(repr=False)
    right: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What the blind hides: the two systems' names, and of each pair whether the first stands left, and whose it is."""

    study: str
    names: tuple[str, str]
    seed: int
    first_left: Mapping[str, bool] = field(repr=False)
    rows: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Blinded:
    """Pairs and their key; `lost` rows stand in one of the two files only, or say nothing."""

    pairs: Sequence[Pair]
    key: Key
    lost: int = 0


def blind(
    first: Iterable[Mapping[str, Any]],
    second: Iterable[Mapping[str, Any]],
    inputs: Mapping[str, str],
    names: tuple[str, str],
    *,
    seed: int | None = None,
) -> Blinded:
    """Match rows by id, take identity out, and draw order and sides, each system as often left as right.

    Without a seed one is drawn: a reader who knew it could work out the sides. Raises DataError where no id is in both.

    >>> one, other = [{"id": "1", "text": "rest"}], [{"id": "1", "text": "surgery"}]
    >>> done = blind(one, other, {"1": "sprain"}, ("a", "b"), seed=1)
    >>> sorted([done.pairs[0].left, done.pairs[0].right])
    ['rest', 'surgery']
    """
    one, other = ({str(row.get("id")): said_of(row) for row in rows} for rows in (first, second))
    both = sorted(id for id in one.keys() & other.keys() if one[id] and other[id])
    if not both:
        raise DataError(
            tr("no row stands in both files with an answer", "两个文件没有共同且有结果的行"), allowed="id, text"
        )
    seed = secrets.randbelow(2**32) if seed is None else seed
    chance, study = random.Random(seed), secrets.token_hex(4)
    chance.shuffle(both)
    sides = [place % 2 == 0 for place in range(len(both))]
    chance.shuffle(sides)
    pairs, left, rows = [], {}, {}
    for number, (id, first_left) in enumerate(zip(both, sides, strict=True), 1):
        name = f"{study}-{number}"
        said = [words(one[id]), words(other[id])]
        shown = said if first_left else said[::-1]
        pairs.append(Pair(study=study, id=name, input=words(inputs.get(id, "")), left=shown[0], right=shown[1]))
        left[name], rows[name] = first_left, id
    key = Key(study=study, names=names, seed=seed, first_left=left, rows=rows)
    return Blinded(pairs=pairs, key=key, lost=len(one.keys() | other.keys()) - len(both))


def said_of(row: Mapping[str, Any]) -> str:
    """What a system said in a line, as one text.

    >>> said_of({"id": "1", "label": ["gout", "fever"]})
    'gout, fever'
    """
    found = next((row[name] for name in ANSWERS if row.get(name)), "")
    return ", ".join(map(str, found)) if isinstance(found, list) else str(found).strip()


def write_pairs(path: Path, pairs: Iterable[Pair]) -> None:
    """One pair a line, without the key."""
    with whole_file(path) as file:
        file.writelines(json.dumps(asdict(pair), ensure_ascii=False) + "\n" for pair in pairs)


def read_pairs(path: Path) -> list[Pair]:
    """The pairs that `write_pairs` wrote; raises DataError for another file."""
    try:
        found = [Pair(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line]
    except (OSError, ValueError, TypeError):
        raise DataError(
            tr("not a file of pairs", "不是成对比较文件"), where=str(path), next="bedside review compare"
        ) from None
    if len({pair.study for pair in found}) != 1:
        raise DataError(tr("pairs of several studies, or none", "多个研究的数据或没有数据"), where=str(path))
    return found


def key_place(study: str) -> Path:
    """Where the key of a study lies unless said: in BEDSIDE_HOME, away from the pairs."""
    return place("review-keys") / f"{study}.json"


def write_key(path: Path, key: Key) -> None:
    """Readable by its owner alone."""
    with whole_file(path) as file:
        json.dump(asdict(key), file, ensure_ascii=False)


def read_key(path: Path) -> Key:
    """The key that `write_key` wrote; raises DataError for another file."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        first, second = values.pop("names")
        return Key(names=(first, second), **values)
    except (OSError, ValueError, TypeError, KeyError):
        raise DataError(tr("not the key of a comparison", "不是比较研究的密钥"), where=str(path)) from None
