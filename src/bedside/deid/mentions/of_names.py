"""Every way a known name can be mentioned again: in full, turned round, surname with title, given name, initials."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from bedside.deid.lexicon.chinese import HAN, is_word, read_table
from bedside.deid.mentions.ordinary import ENGLISH

_HAN = re.compile(f"[{HAN}]")
_ALL_HAN = re.compile(f"[{HAN}]+")
COMPOUND_SURNAMES = frozenset(read_table("zh_surnames.tsv")["compound"].split())
ZH_TITLES = (
    "(?:(?:主任|副主任|主治|住院|责任|进修|实习)?(?:医师|医生|大夫|护士长|护士|护师)|主任|教授|院长|科长|护士长|"
    "先生|女士|小姐|太太|师傅|老师|同志|大爷|大妈|大叔|阿姨|奶奶|爷爷|医|护|总|姐|哥|某某|某)"
)
_ZH_BEFORE_TWO = re.compile(
    r"(?:患者|病人|姓名|先生|女士|医生|医师|大夫|护士|教授|主任|家属|之子|之女|其子|其女|丈夫|妻子|父亲|母亲"
    r"|[与和由经请告对向：:])\Z"
)
_ZH_AFTER_TWO = re.compile(rf"{ZH_TITLES}|[自于因诉说称述系的在入住已曾将为来被同意、，。；]|患者|家属|签")
EN_TITLES = r"(?:Dr|Mr|Mrs|Ms|Miss|Mx|Prof|Professor|Doctor|Nurse|Sister|Sir|Madam|Patient|Rev|Fr|RN|NP|PA)\.?"
ACTS = (
    r"(?:['’]s)?[ ](?:says|said|states|stated|reports|reported|denies|denied|lives|lived|asks|asked|agrees|agreed|"
    r"wants|phoned|called|drives|remains|tolerated|was[ ]seen|has[ ]been|refused|returns|presents|presented)\b"
)
"""What only a person does: it makes a name of a word ("Gold lives alone")."""
_NO_WORD = "A-Za-z0-9\u00c0-\u024f\u0370-\u04ff"
_PARTICLES = frozenset(
    [
        "van",
        "von",
        "der",
        "den",
        "de",
        "la",
        "le",
        "du",
        "da",
        "dos",
        "di",
        "del",
        "bin",
        "ibn",
        "al",
        "el",
        "st",
        "jr",
        "sr",
        "ii",
        "iii",
        "iv",
        "md",
        "phd",
        "rn",
        "do",
        "np",
        "pa",
    ]
)


def mentions(text: str, names: Iterable[str], *, seen: int = 0) -> Iterator[tuple[int, int]]:
    """Where any of `names` is mentioned in `text`: code points, end exclusive, overlaps possible.

    With `seen=1` the names were themselves read in this text, so one whose words all stand there once has no other
    mention, and no pattern is made for it.
    """
    wanted = tuple(sorted({_plain(name) for name in names} - {""}))
    han = tuple(name for name in wanted if _ALL_HAN.fullmatch(name))
    lower = text.lower()
    close = lower.replace(" ", "")
    latin = tuple(name for name in wanted if name not in set(han) and _worth(name, lower, close, seen))
    if latin:
        for rule in _latin_rules(latin):
            yield from ((m.start(1), m.end(1)) for m in rule.finditer(text))
    if han and _HAN.search(text):
        yield from _han_mentions(text, han)


def _worth(name: str, lower: str, close: str, seen: int) -> bool:
    parts = [part for part in re.split(r"[\s,.]+", name.lower()) if part]
    initials = ".".join(part[0] for part in parts) + "."
    return any(lower.count(part) > seen for part in parts) or (len(parts) > 1 and initials in close)


def _plain(name: str) -> str:
    name = " ".join(name.split())
    return name.replace(" ", "") if _ALL_HAN.fullmatch(name.replace(" ", "")) else name


def split_han(name: str) -> tuple[str, str]:
    """Surname and given name of a Chinese name: compound surnames known, otherwise one character.

    >>> split_han("欧阳修")
    ('欧阳', '修')
    """
    cut = 2 if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else 1
    return name[:cut], name[cut:]


@lru_cache(maxsize=256)
def _latin_rules(names: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """Patterns with the mention as group 1: any case for long forms, capitals for words, acting for ordinary ones."""
    split = [[part for part in re.split(r"[\s,.]+", name) if part] for name in names]
    whole = {form for parts in split if len(parts) > 1 for form in _long_forms(parts)}
    single = {part for parts in split for part in parts if _may_stand_alone(part)}
    titled = {form for part in single for form in (part, part.upper(), part.capitalize())}
    plain = {part.capitalize() for part in single if len(part) > 2 and part.lower() in ENGLISH}
    words = {form for part in single if len(part) > 2 and part.lower() not in ENGLISH for form in _cases(part)}
    edge, end = f"(?<![{_NO_WORD}])", f"(?![{_NO_WORD}])"
    rules = []
    if whole:
        rules.append(re.compile(f"{edge}({_any(whole, escaped=True)}){end}", re.IGNORECASE))
    if words:
        rules.append(re.compile(f"{edge}({_any(words)}){end}"))
    if plain:
        rules.append(re.compile(f"{edge}({_any(plain)})(?={ACTS})"))
    if titled:
        rules.append(re.compile(rf"{edge}{EN_TITLES}\s+({_any(titled)}){end}"))
    return tuple(rules)


def _may_stand_alone(part: str) -> bool:
    return part.lower() not in _PARTICLES and part[0].isalpha() and len(part) > 1


def _cases(part: str) -> set[str]:
    return {part, part.upper()} if part[0].isupper() else {part, part.upper(), part.capitalize()}


def _long_forms(parts: list[str]) -> Iterator[str]:
    """Patterns of `John A. Smith` as itself, `Smith, John`, `John Smith`, `J. Smith`, `J.A.S.`; spaces flexible."""
    escaped = [re.escape(part) for part in parts]
    yield r"[\s.,]+".join(escaped)
    first, last = escaped[0], escaped[-1]
    yield rf"{last}\s*,?\s+{first}"
    yield rf"{first}\s+{last}"
    if parts[0][0].isalpha() and parts[-1][0].isalpha():
        initial = re.escape(parts[0][0])
        yield rf"{initial}\.?\s*{last}" if len(parts[-1]) > 2 else rf"{initial}\.\s*{last}"
        yield rf"{last}\s*,?\s+{initial}\."
        yield r"\s?".join(re.escape(part[0]) + r"\." for part in parts if part[0].isalpha())


def _any(words: Iterable[str], *, escaped: bool = False) -> str:
    return "|".join(sorted((word if escaped else re.escape(word) for word in words), key=lambda w: (-len(w), w)))


def _han_mentions(text: str, names: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Full names of three characters and more anywhere; shorter ones only where the neighbours leave no other word."""
    for name in names:
        surname, given = split_han(name)
        if len(name) >= 3:
            yield from _each(text, name)
            if len(given) == 2 and not is_word(given):
                yield from _short(text, given)
        elif len(name) == 2 and not is_word(name):
            yield from _short(text, name)
        for match in _surname_rule(surname).finditer(text):
            yield match.start(1), match.end(1)


def _each(text: str, name: str) -> Iterator[tuple[int, int]]:
    spaced = r"[ \u3000]?".join(map(re.escape, name))
    for match in re.finditer(spaced, text):
        yield match.start(), match.end()


def _short(text: str, name: str) -> Iterator[tuple[int, int]]:
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        free_before = at == 0 or not _HAN.match(text[at - 1]) or _ZH_BEFORE_TWO.search(text, max(0, at - 3), at)
        free_after = end == len(text) or not _HAN.match(text[end]) or _ZH_AFTER_TWO.match(text, end)
        if free_before and free_after:
            yield at, end
        at = text.find(name, end)


@lru_cache(maxsize=512)
def _surname_rule(surname: str) -> re.Pattern[str]:
    """The surname before a title (`王主任`, `王某`), or after 老 and 小 where no longer word can be meant."""
    return re.compile(rf"(?:(?<![{HAN}])|(?<=[与和由经请告对向及、患者]))({re.escape(surname)}){ZH_TITLES}")
