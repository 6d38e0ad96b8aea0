"""Identity that stands in structured fields, as the strings a note may repeat: names, addresses, numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bedside.formats._charts.draft import clean
from bedside.types import Identifier

_CJK = re.compile(r"[\u3400-\u9fff]")
_WECHAT = re.compile(r"wechat|weixin|微信|\bqq\b", re.IGNORECASE)


def person(kind: str, *, whole: str = "", family: str = "", given: Iterable[str] = ()) -> Iterator[Identifier]:
    """A name in the orders it is written, and its parts; single Latin letters are not parts.

    >>> [known.value for known in person("NAME", family="王", given=["小明"])]
    ['王小明']
    """
    family, names = clean(family), [clean(name) for name in given if clean(name)]
    if _CJK.search(family):
        yield from _one(kind, clean(whole) or family + "".join(names))
        return
    orders = [
        whole,
        " ".join([*names, family]),
        " ".join([*names[:1], family]),
        f"{family}, {names[0] if names else ''}",
    ]
    for value in dict.fromkeys([*map(clean, orders), family, *names]):
        yield from _one(kind, value.strip(" ,"))


def address(*, lines: Iterable[str] = (), city: str = "", postal: str = "", whole: str = "") -> Iterator[Identifier]:
    """An address: as a whole, each street line, the city and the postal code (a state or a country alone is none)."""
    streets = [clean(line) for line in lines if clean(line)]
    separator = "" if _CJK.search("".join(streets)) else ", "
    joined = separator.join(part for part in (*streets, clean(city)) if part)
    for value in dict.fromkeys([clean(whole), joined, *streets, clean(city), clean(postal)]):
        yield from _one("ADDRESS", value)


def contact(value: str, system: str = "") -> Iterator[Identifier]:
    """A telephone, e-mail, web address or WeChat name, with or without its scheme (`tel:`, `mailto:`).

    >>> [known.type for known in contact("mailto:wang@example.cn")]
    ['EMAIL']
    """
    value = re.sub(r"^(tel|mailto|fax|sms):", "", clean(value), flags=re.IGNORECASE)
    if _WECHAT.search(system):
        kind = "WECHAT/QQ"
    elif "@" in value:
        kind = "EMAIL"
    elif re.match(r"https?://|www\.|ftp:", value, re.IGNORECASE):
        kind = "URL"
    else:
        kind = "PHONE"
    yield from _one(kind, value)


def number(value: str, kind: str = "ID") -> Iterator[Identifier]:
    """An identifying number: a record number, a national identity number, an account."""
    yield from _one(kind, clean(value))


def organisation(name: str, kind: str = "HOSPITAL") -> Iterator[Identifier]:
    """The name of a hospital, a practice or another organisation."""
    yield from _one(kind, clean(name))


def _one(kind: str, value: str) -> Iterator[Identifier]:
    if len(value) > 1 and len(value) <= 300:
        yield Identifier(kind, value)
