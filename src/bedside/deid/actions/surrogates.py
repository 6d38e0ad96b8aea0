"""Realistic replacements, the same for the same patient and original every time: what is missed hides in plain sight.

After Carrell et al., "Hiding in plain sight" (J Am Med Inform Assoc 2013; 20:342). Each name is replaced part by part:
"John Smith" and "Mr Smith" stay one person. Numbers keep their form. A Chinese resident ID gets a region that does
not exist (99) with a true check digit: software still accepts it, no person owns it. An American telephone number gets
the exchange 555-01xx kept for fiction, a Chinese mobile the unassigned segment 154, an e-mail address or URL a domain
reserved by RFC 2606. Other numbers are drawn at random and may by chance be somebody's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bedside.deid._policy import keyed
from bedside.deid.actions.fictions import fictions
from bedside.deid.lexicon.chinese import HAN
from bedside.deid.lexicon.english import lexicon
from bedside.deid.mentions.of_names import EN_TITLES, ZH_TITLES, split_han

_HAN = re.compile(f"[{HAN}]")
_TITLE = re.compile(rf"{ZH_TITLES}\Z")
_EN_TITLE = re.compile(rf"{EN_TITLES}|MD|PhD|DO|Jr\.?|Sr\.?|I{{2,3}}", re.IGNORECASE)
_RESIDENT_ID = re.compile(r"[1-9]\d{16}[\dXx]")
_ZH_HOSPITAL = re.compile(r"(?:中医|妇幼保健|儿童|肿瘤|口腔|人民|中心|中)?(?:医院|卫生院|卫生服务中心|诊所)")
_US_PHONE = re.compile(r"(?:\+?1[-. ]?)?\(?\d{3}\)?[-. ]?\d{3}[-. ]?\d{4}")
_TRIES = 64


@dataclass(frozen=True, slots=True)
class Surrogates:
    """Draws replacements for one patient by `key`; `avoid` holds originals, whole and word by word, in lower case."""

    key: bytes = field(repr=False)
    patient: str = field(repr=False)
    avoid: frozenset[str] = field(default=frozenset(), repr=False)

    def replace(self, type: str, original: str) -> str | None:
        """The replacement for one find; None when every draw is somebody's original (the caller then tags it)."""
        for turn in range(_TRIES):
            drawn = self._draw(type, original, turn)
            words = {drawn.casefold()} | (words_of(drawn) if type in ("NAME", "STAFF") else set())
            if drawn != original and not words & self.avoid:
                return drawn
        return None

    def _draw(self, type: str, original: str, turn: int) -> str:
        if type in ("NAME", "STAFF"):
            return self._name(original, turn)
        if type in ("HOSPITAL", "ORG", "ADDRESS"):
            return self._place(type, original, turn)
        if type == "AGE_OVER_89":
            return re.sub(
                r"\d+|[一二三四五六七八九十百零〇]+", lambda m: "90" if m.group().isdecimal() else "九十", original
            )
        if type == "EMAIL":
            return f"user{self._number('EMAIL', original, turn) % 10**6:06}@example.com"
        if type == "URL":
            return f"https://example.org/{self._number('URL', original, turn) % 10**6:06}"
        return self._numbered(type, original, turn)

    def _number(self, *parts: object) -> int:
        return keyed(self.key, self.patient, *map(str, parts))

    def _pick(self, choices: Sequence[str], use: str, original: str, turn: int) -> str:
        """One of `choices`, never the original."""
        others = [choice for choice in choices if choice != original]
        return others[self._number(use, original.casefold(), turn) % len(others)]

    def _name(self, original: str, turn: int) -> str:
        if "·" in original or "•" in original:
            return self._one("zh_minority", original, turn)
        if _HAN.search(original):
            return self._han_name(original, turn)
        return re.sub(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?", lambda m: self._latin_part(m, turn), original)

    def _han_name(self, original: str, turn: int) -> str:
        title = _TITLE.search(original)
        cut = title.start() if title and title.start() else len(original)
        name, tail = re.sub(r"\s", "", original[:cut]), original[cut:]
        surname, given = split_han(name)
        surnames: Sequence[str] = fictions()["zh_compound"] if len(surname) == 2 else fictions()["zh_surnames"]
        new = self._pick(surnames, "surname", surname, turn)
        if given:
            givens = (
                fictions()["zh_female"] if set(fictions()["zh_female_chars"]) & set(given) else fictions()["zh_male"]
            )
            new += self._pick([g for g in givens if len(g) == min(len(given), 2)], "given name", given, turn)
        return new + tail

    def _latin_part(self, match: re.Match[str], turn: int) -> str:
        part = match.group()
        if _EN_TITLE.fullmatch(part):
            return part
        if len(part.rstrip(".")) == 1:
            return self._pick("ABCDEFGHJKLMNPRSTW", "initial", part[0], turn) + part[1:]
        bare = part.rstrip(".")
        use, choices = _latin_choices(bare)
        new = self._pick(choices, use, bare.capitalize(), turn)
        return (new.upper() if bare.isupper() else new) + part[len(bare) :]

    def _place(self, type: str, original: str, turn: int) -> str:
        han = _HAN.search(original) is not None
        script = "zh" if han else "en"
        town = self._one(f"{script}_places", original, turn)
        if type == "ORG":
            return (
                f"{town}市{self._one('zh_orgs', original, turn)}"
                if han
                else f"{town} {self._one('en_orgs', original, turn)}"
            )
        if type == "HOSPITAL":
            kind = _ZH_HOSPITAL.search(original)
            return (
                f"{town}市{kind.group() if kind else '人民医院'}"
                if han
                else f"{town} {self._one('en_hospitals', original, turn)}"
            )
        number = self._number("house", original.casefold(), turn) % 199 + 1
        street = self._one(f"{script}_streets", original, turn)
        if han:
            return f"{town}市" + (f"{street}{number}号" if re.search(r"\d|路|街|号|村", original) else "")
        return (f"{number} {street} Street, " if re.search(r"\d", original) else "") + town

    def _one(self, choices: str, original: str, turn: int) -> str:
        return self._pick(fictions()[choices], choices, original, turn)

    def _numbered(self, type: str, original: str, turn: int) -> str:
        """Letters for letters, digits for digits, the rest as it was."""
        bare = re.sub(r"[\s-]", "", original)
        number = self._number(type, bare.casefold(), turn)
        if type == "LICENSE_PLATE" and original[0] in fictions()["plate_provinces"]:
            return self._one("plate_provinces", original[0], turn) + _scramble(original[1:], number)
        drawn = _scramble(original, number)
        if type == "ID" and _RESIDENT_ID.fullmatch(bare):
            return _refill(original, _resident_id(bare, number))
        if type == "PHONE" and re.fullmatch(r"(?:\+?86)?1[3-9]\d{9}", bare):
            return _refill(original, bare[:-11] + "154" + _digits(number, 8))
        if type == "PHONE" and _US_PHONE.fullmatch(original):
            digits = re.sub(r"\D", "", original)
            return _refill(original, digits[:-10] + f"{200 + number % 700}55501{number // 700 % 100:02}")
        return drawn


def _latin_choices(word: str) -> tuple[str, Sequence[str]]:
    """What a Latin word in a name may become: a given name of the same gender, where that is known, or a surname."""
    lists, name = fictions(), word.capitalize()
    if name in lists["en_female"]:
        return "given name", lists["en_female"]
    if name in lists["en_male"]:
        return "given name", lists["en_male"]
    names = lexicon()
    if word.lower() in names.given and word.lower() not in names.surnames:
        return "given name", (*lists["en_female"], *lists["en_male"])
    return "surname", lists["en_surnames"]


def words_of(original: str) -> set[str]:
    """The words of an original that is written with spaces, titles left out, in lower case."""
    return {word.casefold() for word in re.findall(r"[^\W\d_]{2,}", original) if not _EN_TITLE.fullmatch(word)}


def _digits(number: int, count: int) -> str:
    return str(number % 10**count).zfill(count)


def _scramble(original: str, number: int) -> str:
    """Each ASCII letter or digit drawn anew in its own kind; each Chinese numeral too; words of two letters and more in
    Chinese ("床", "号") stay."""
    drawn = []
    for char in original:
        number, low = divmod(number, 1009) if number > 1009 else (number * 2654435761 + 97, number)
        if char.isdecimal():
            drawn.append(str(low % 10))
        elif char.isascii() and char.isalpha():
            drawn.append(
                "ABCDEFGHJKLMNPQRSTUVWXYZ"[low % 24] if char.isupper() else "abcdefghjkmnpqrstuvwxyz"[low % 23]
            )
        else:
            drawn.append("一二三四五六七八九"[low % 9] if char in "一二三四五六七八九" else char)
    return "".join(drawn)


def _refill(original: str, characters: str) -> str:
    """The characters in the original's grouping: digits (and X) are replaced in order, punctuation stays."""
    rest = iter(characters.lstrip("+"))
    return "".join(next(rest, "") if char.isdecimal() or char in "Xx" else char for char in original)


def _resident_id(bare: str, number: int) -> str:
    """GB 11643-1999 structure: region 99xxxx (none such), another day of the year, the sex digit's parity kept."""
    body = "99" + _digits(number, 4) + bare[6:10] + f"{number // 10**5 % 12 + 1:02}{number // 10**7 % 28 + 1:02}"
    body += _digits(number // 10**9, 2) + str((number // 10**12 % 5) * 2 + int(bare[16]) % 2)
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(body))
    return body + "10X98765432"[total % 11]
