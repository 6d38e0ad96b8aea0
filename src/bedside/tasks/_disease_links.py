"""Links a disease as it was written to the diseases that are ranked: by name, by series, by Orphanet, by vectors.

Tried in this order, the first that finds any wins: the OMIM title as it stands; an everyday name (eponyms, Chinese
names: `_disease_names`); the words of the title in any order; those of a numbered series ("Noonan syndrome": all of
them); a shorter name that a title holds; the words of an Orphanet entry, through its links; the words that tell a
disease apart; the id that was written beside it (ids are made up more often than names, so they come late); the
likeness of vectors with a margin. Else there is no match.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cached_property

from bedside.knowledge._groups import series_of
from bedside.knowledge._ranker import Ranker
from bedside.tasks._disease_names import everyday_names
from bedside.tasks._listed_diseases import Named

Nearest = Callable[[str], tuple[int, ...]]
"""The diseases whose names are likest to one that no list has; none where no name is like enough."""
Key = tuple[str, ...]
MOST_OF_BARE = 3
"""Series that the telling words of a name may fit; what fits more tells nothing."""

_ONES = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_ROMAN = {one: str(n) for n, one in enumerate((*_ONES, *(f"x{one}" for one in _ONES[:9])), 1)}
_SPELT = {
    "haem": "hem",
    "aemi": "emi",
    "oedem": "edem",
    "oesoph": "esoph",
    "paed": "ped",
    "tumour": "tumor",
    "leuco": "leuko",
    "aetio": "etio",
    "coeli": "celi",
    "粘": "黏",
    "综合症": "综合征",
    "氏综合征": "综合征",
    "氏病": "病",
    "贮积病": "贮积症",
    "累积症": "累积病",
    "营养不良症": "营养不良",
}
"""British spellings as American ones, which the titles have; Chinese ways of writing one word as one of them."""
_GENITIVE = re.compile(r"['’]s\b|(?<=s)['’](?=\s|$)")
_LETTERED = re.compile(r"^(i{1,3}|iv|vi{0,3})([a-d])$")
"""A numeral with a letter: `iiia`."""
_BETWEEN_HAN = re.compile(r"(?<=[\u4e00-\u9fff])[-‐–—·・](?=[\u4e00-\u9fff])")
"""The stroke between the names of two people, which many leave out."""
_NUMBERED_ZH = re.compile(r"(?<![a-z])([ivx]+)(?=[a-d]?型)")
_LITTLE = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "and",
        "or",
        "with",
        "without",
        "due",
        "to",
        "in",
        "by",
        "type",
        "form",
        "group",
        "syndrome",
        "disease",
        "disorder",
        "familial",
        "hereditary",
        "congenital",
        "autosomal",
        "dominant",
        "recessive",
        "related",
        "linked",
        "inherited",
    ]
)


def words_of(name: str) -> Key:
    """The words of a name as names are compared: spelling, accents, numerals, genitives and marks made alike.

    >>> words_of("Ehlers–Danlos syndrome, Type IV"), words_of("Gaucher's disease")
    (('ehlers', 'danlos', 'syndrome', '4'), ('gaucher', 'disease'))
    >>> words_of("粘多糖贮积症Ⅱ型") == words_of("黏多糖贮积病2型")
    True
    """
    plain = "".join(one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one)).lower()
    plain = _BETWEEN_HAN.sub("", _GENITIVE.sub("", plain))
    for british, american in _SPELT.items():
        plain = plain.replace(british, american)
    plain = _NUMBERED_ZH.sub(lambda numeral: _ROMAN.get(numeral[1], numeral[1]), plain)
    return tuple(_numeral(word) for word in re.findall(r"[^\W_]+", plain) if word != "type")


def _numeral(word: str) -> str:
    """A roman numeral as digits; any other word as it is."""
    lettered = _LETTERED.match(word)
    return _ROMAN[lettered[1]] + lettered[2] if lettered else _ROMAN.get(word, word)


class DiseaseLinks:
    """The names of one release; the tables are made when the first name is asked for."""

    def __init__(self, ranker: Ranker, nearest: Nearest | None = None) -> None:
        self._ranker, self._nearest = ranker, nearest

    def of(self, one: Named) -> tuple[int, ...]:
        """The ranked diseases that a name stands for, by number; none where it stands for none."""
        names = (one.name, *one.others)
        for table, key in self._tables:
            for name in names:
                if found := table.get(key(words_of(name))):
                    return found
        return self._of_id(one.id) or (self._nearest(one.name) if self._nearest else ())

    @cached_property
    def _tables(self) -> list[tuple[dict[Key, tuple[int, ...]], Callable[[Key], Key]]]:
        hpo = self._ranker.hpo
        titles = [(title, (n,)) for n, title in enumerate(hpo.titles[: hpo.ranked])]
        series = [(series_of(title), numbers) for title, numbers in titles]
        heads = [(head, numbers) for title, numbers in titles for head in _heads(title)]
        orphanet = [
            (title, linked)
            for n, title in enumerate(hpo.titles[hpo.ranked :], hpo.ranked)
            if (linked := self._linked_to.get(n))
        ]
        bare = _table(series, _bare)
        few = {key: found for key, found in bare.items() if self._tells(key, found)}
        return [
            (_table(titles, _plain), _plain),
            (_table(everyday_names(hpo), _any_order), _any_order),
            (_table(titles, _any_order), _any_order),
            (_table(series, _any_order), _any_order),
            (_table(heads, _any_order), _any_order),
            (_table(orphanet, _any_order), _any_order),
            (few, _bare),
        ]

    def _tells(self, key: Key, found: tuple[int, ...]) -> bool:
        titles = self._ranker.hpo.titles
        return bool(key) and len({series_of(titles[one]) for one in found}) <= MOST_OF_BARE

    @cached_property
    def _linked_to(self) -> dict[int, tuple[int, ...]]:
        """The ranked diseases of each Orphanet entry."""
        found = defaultdict(list)
        for disease in range(self._ranker.hpo.ranked):
            for entry in self._ranker.linked.entries(disease).tolist():
                found[entry].append(disease)
        return {entry: tuple(diseases) for entry, diseases in found.items()}

    def _of_id(self, id: str) -> tuple[int, ...]:
        hpo = self._ranker.hpo
        number = hpo.disease_number.get(id, -1)
        return (number,) if 0 <= number < hpo.ranked else self._linked_to.get(number, ())


def _heads(title: str) -> list[str]:
    """The shorter names that a title holds: what stands before a comma or a cause, and in brackets.

    >>> _heads("Hypophosphatasia, infantile"), _heads("Peroxisome biogenesis disorder 1A (Zellweger)")
    (['Hypophosphatasia'], ['Zellweger', 'Zellweger syndrome'])
    """
    head = re.split(r",| due to | caused by ", title, maxsplit=1)[0]
    inside = [part.removesuffix(" type") for part in re.findall(r"\(([^()\d]{4,})\)", title)]
    return [*([head] if head != title else []), *(name for part in inside for name in (part, f"{part} syndrome"))]


def _table(names: Sequence[tuple[str, tuple[int, ...]]], key: Callable[[Key], Key]) -> dict[Key, tuple[int, ...]]:
    found: dict[Key, dict[int, None]] = defaultdict(dict)
    for name, numbers in names:
        found[key(words_of(name))] |= dict.fromkeys(numbers)
    return {one: tuple(numbers) for one, numbers in found.items() if one}


def _plain(words: Key) -> Key:
    return words


def _any_order(words: Key) -> Key:
    return tuple(sorted(set(words)))


def _bare(words: Key) -> Key:
    return tuple(sorted(set(words) - _LITTLE))
