"""The conditions that a chart's words name, as ids with all that each is a kind of; denied and others' do not count.

The ids and their names are data (data/conditions.tsv). Past conditions count (`ever`) unless only the present one
matters (`now`): an old ulcer still speaks against an NSAID, an old pregnancy against nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from bedside.drugs.trie import Trie
from bedside.phenotypes.context import Context, contexts

NOTHING = "-"
"""The id of wordings that hold a condition's name and mean another thing ("non-pregnant", "pregnancy test")."""
_WEEKS = re.compile(
    r"(?<!\d)(\d{1,2})(?:\s*\+\s*\d)?\s*(?:-|\s)?(?:weeks?|wks?)(?:'|\s|-)*(?:pregnan\w*|gestation\w*|gravid)|"
    r"(?:gestation(?:al age)?|pregnan\w*)(?:,| of| at|:)*\s*(\d{1,2})\s*(?:weeks?|wks?|w\b)|"
    r"(?:孕|妊娠)\s*(\d{1,2})\s*(?:\+\s*\d)?\s*周",
    re.IGNORECASE,
)
_RULED_OUT = re.compile(
    r"(?:\bruled out|\bexcluded|\bresolved|\bnegative|已?排除|除外|阴性)\s*[.。)）]?\s*$", re.IGNORECASE
)
_DENIED = re.compile(r"(?:排除|除外|否认|无|没有|未见|非)\s*$")


class Condition(NamedTuple):
    """A condition: what it is a kind of, and whether it counts once it is past."""

    id: str
    parents: tuple[str, ...]
    ever: bool
    en: tuple[str, ...]
    zh: tuple[str, ...]


@cache
def conditions() -> dict[str, Condition]:
    """All that is in data/conditions.tsv, by id."""
    lines = files("bedside.rules").joinpath("data/conditions.tsv").read_text(encoding="utf-8").splitlines()
    rows = [(*line.split("\t"), "", "")[:5] for line in lines[1:] if line and not line.startswith("#")]
    return {
        id: Condition(id, tuple(parents.split()), counts == "ever", tuple(en.split("|")), tuple(zh.split("|")))
        for id, parents, counts, en, zh in rows
    }


def kinds_of(id: str) -> frozenset[str]:
    """A condition and all that it is a kind of.

    >>> sorted(kinds_of("ckd_4"))
    ['ckd', 'ckd_4', 'renal_impairment', 'renal_severe']
    """
    parents = conditions()[id].parents if id in conditions() else ()
    return frozenset((id,)).union(*(kinds_of(one) for one in parents))


def named(texts: Iterable[str]) -> frozenset[str]:
    """The ids of the conditions that texts say a patient has.

    >>> sorted(named(["CKD stage 4", "no asthma", "father: epilepsy"]))
    ['ckd', 'ckd_4', 'renal_impairment', 'renal_severe']
    >>> sorted(named(["孕32周", "否认哮喘"]))
    ['pregnancy', 'trimester_3']
    """
    return frozenset().union(*(_named(text) for text in texts))


def _named(text: str) -> frozenset[str]:
    hits = [(_ids()[hit.name], hit.start, hit.end) for hit in _trie().find(text)]
    hits = [one for one in hits if one[0] != NOTHING and _as_written(text, one[1], one[2])]
    weeks = _WEEKS.search(text)
    if weeks:
        hits.append((_trimester(int(next(filter(None, weeks.groups())))), weeks.start(), weeks.end()))
    said = contexts(text, [(start, end) for _, start, end in hits])
    kept = [id for (id, start, end), of in zip(hits, said, strict=True) if _counts(text, id, start, end, of)]
    return frozenset().union(*(kinds_of(id) for id in kept))


def _counts(text: str, id: str, start: int, end: int, of: Context) -> bool:
    """Does the patient have it, as far as it matters?"""
    if of.negated or of.family or of.hypothetical or of.uncertain:
        return False
    if _RULED_OUT.match(text[end:].strip(" :,-：，(（")) or _DENIED.search(text[:start]):
        return False
    return conditions()[id].ever or not (of.historical or text[end : end + 1] == "史")


def _trimester(weeks: int) -> str:
    """By the weeks of a pregnancy: 1 to 13, 14 to 27, 28 and later (ACOG Committee Opinion 579, 2013)."""
    return "trimester_1" if weeks < 14 else "trimester_2" if weeks < 28 else "trimester_3"


@cache
def _trie() -> Trie:
    return Trie(_ids())


@cache
def _ids() -> dict[str, str]:
    """Each name, with the id that it stands for."""
    return {name.removeprefix("="): one.id for one in conditions().values() for name in (*one.en, *one.zh) if name}


@cache
def _exact() -> frozenset[str]:
    """The abbreviations that are none in small letters."""
    return frozenset(name.removeprefix("=") for one in conditions().values() for name in one.en if name.startswith("="))


def _as_written(text: str, start: int, end: int) -> bool:
    said = text[start:end]
    return said.upper() not in _upper() or said in _exact()


@cache
def _upper() -> frozenset[str]:
    return frozenset(name.upper() for name in _exact())
