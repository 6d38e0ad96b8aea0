"""The English dictionaries: names, ordinary words, eponyms, products and places, read once and looked up by token."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files


def read_list(name: str) -> tuple[str, ...]:
    """Lines of `data/<name>.txt` without comments and blanks."""
    text = files("bedside.deid").joinpath("data", f"{name}.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line and not line.startswith("#"))


def group(name: str) -> frozenset[str]:
    """One group of words out of `data/en_groups.tsv`."""
    rows = (line.partition("\t") for line in _groups())
    return frozenset(word for key, _, words in rows if key == name for word in words.split("|"))


@cache
def _groups() -> tuple[str, ...]:
    text = files("bedside.deid").joinpath("data", "en_groups.tsv").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if not line.startswith("#"))


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """Sets of lower-case words.

    `given` and `surnames` hold names, `words` ordinary language, `first` names that are also words but mostly names,
    `medical` eponyms and products, `cities` and `states` places.
    """

    given: frozenset[str]
    surnames: frozenset[str]
    words: frozenset[str]
    first: frozenset[str]
    eponyms: frozenset[str]
    products: frozenset[str]
    cities: frozenset[str]
    states: frozenset[str]

    def is_name(self, word: str) -> bool:
        """Whether a lower-case word is in either list of names."""
        return word in self.given or word in self.surnames

    def is_ordinary(self, word: str) -> bool:
        """Whether a lower-case word is ordinary language and not mostly a name ("will", "rose"; not "john")."""
        return word in self.words and word not in self.first


@lru_cache(maxsize=1 << 14)
def plain(word: str) -> tuple[str, str]:
    """A word as the dictionaries have it, in small letters without a full stop; and the part before a hyphen.

    >>> plain("Singh-Doherty.")
    ('singh-doherty', 'singh')
    """
    low = word.lower().replace("’", "'").rstrip(".")
    return low, low.partition("-")[0]


FIRST = (
    "maria carol heather jean robin veronica sally holly sheila terry jenny molly blanche jasmine phoebe rhea "
    "bobby belle charlie alexia john martin tony johnny jimmy troy billy randy jay bailey abbey timothy victor harry "
    "tom warren derrick glen hector rick brad nelson guy ken bob nick homer josh teddy heath jasper eddy emery "
    "romeo freeman trey napoleon fritz jarred wally willy marge dean eve graham wade hank peter "
    "kitty angelica savanna mickey rosemary alba blanca pilar concha christen derek alex henry joe jim james francis "
    "jack barney charley corey lillian mike matt dona deb meg dolly rex sibyl"
)


@cache
def lexicon() -> Lexicon:
    """The dictionaries, loaded at first use."""
    states: set[str] = set()
    for row in read_list("en_states"):
        states.update(row.lower().split("\t"))
    return Lexicon(
        given=frozenset(read_list("en_given")),
        surnames=frozenset(read_list("en_surnames")),
        words=frozenset(read_list("en_words")),
        first=frozenset(FIRST.split()),
        eponyms=frozenset(read_list("en_eponyms")),
        products=frozenset(read_list("en_products")),
        cities=frozenset(city.lower() for city in read_list("en_cities")),
        states=frozenset(states),
    )
