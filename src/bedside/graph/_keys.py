"""Names as keys: `exact` tells apart all but case, width and blanks; `key` nor number, spelling and articles."""

from __future__ import annotations

import re
import unicodedata

from bedside.cleaning.language import HAN
from bedside.phenotypes._english import spelled

_WORD = re.compile(r"[a-zà-ɏ]+|\d+|[α-ω]")
_SMALL = frozenset(["a", "an", "the", "of"])
_TURNED = re.compile(r"([^,;()]+), ([^,;()]+)\Z")
_NO_TURN = re.compile(
    r"\b(?:type|with|without|and|or|due|autosomal|x-linked|susceptibility|included)\b|\d", re.IGNORECASE
)
_BRACKETS = re.compile(r"\s*[(（\[][^()（）\[\]]*[)）\]]\s*\Z")
_BLANKS = re.compile(r"\s+")


def exact(name: str) -> str:
    """A name without what writing it differently changes.

    >>> exact("  Kidney   STONES ") == exact("kidney stones"), exact("ＣＯＰＤ")
    (True, 'copd')
    """
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", name)).strip().casefold()


def key(name: str) -> str:
    """What the inflections and spellings of one name share, in the order of its words; "" for no words.

    >>> key("Tumours of the kidneys") == key("tumor of kidney"), key("Gout 1") == key("Gout 2")
    (True, False)
    """
    said = exact(name)
    if HAN.search(said):
        return said.replace(" ", "").replace("的", "")
    words = (_singular(word) for word in _WORD.findall(said) if word not in _SMALL)
    return " ".join(word for word in words if word != "s")


def _singular(word: str) -> str:
    """A word in one spelling, without the s of a plural; a short one, such as CFS, as it is."""
    if len(word) < 4:
        return word
    return spelled(word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word)


def turned(name: str) -> str:
    """A catalogue's name in the order it is spoken in, "" where it has no such.

    >>> turned("Aortic aneurysm, abdominal"), turned("Gout"), turned("Deafness, autosomal recessive 1A")
    ('abdominal Aortic aneurysm', '', '')
    """
    found = _TURNED.match(name.strip())
    return f"{found[2]} {found[1]}" if found and not _NO_TURN.search(found[2]) else ""


def bare(name: str) -> str:
    """A name without what stands in brackets behind it, "" where nothing does.

    >>> bare("Chronic fatigue syndrome (CFS)"), bare("Gout")
    ('Chronic fatigue syndrome', '')
    """
    found = _BRACKETS.sub("", name)
    return found if found != name else ""


def lang_of(name: str) -> str:
    """`zh` for a name with a Chinese character, else `en`."""
    return "zh" if HAN.search(name) else "en"
