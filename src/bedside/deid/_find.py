"""Finds identity in a text: the recognisers of its scripts, the chart's own identifiers, and repeats."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from bedside.deid._merge import merge
from bedside.deid._plain import plain
from bedside.deid._recogniser import STRONG, Candidate, Recogniser
from bedside.deid.lexicon.chinese import HAN
from bedside.deid.mentions.known import known_candidates
from bedside.deid.mentions.of_names import mentions
from bedside.deid.mentions.spelt import spelt_whole
from bedside.deid.no_identity.dates import is_no_date
from bedside.deid.no_identity.goods import is_goods
from bedside.deid.no_identity.houses import is_no_house
from bedside.deid.no_identity.letters import is_row_of_letters
from bedside.deid.no_identity.names import is_no_name
from bedside.deid.no_identity.turns import without_speech
from bedside.deid.tagger.review import Review, Reviewer, review
from bedside.types import Identifier, Span

_HAN = re.compile(f"[{HAN}]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_LATIN_WORDS = re.compile("[A-Z][a-z]{2,}|[a-z]{4,}|[A-Z]{4,}|@|://|[\u00c0-\u024f]")
_SPREAD_SCORE = 0.75
_GUEST_SCORE = 0.7
_LETTERS_A_CHARACTER = 4
_TOGETHER = 20_000
"""Characters: the tagger reads a hundred short notes in one go."""


def find(
    text: str,
    *,
    known: Iterable[Identifier] = (),
    lang: str | None = None,
    presidio: bool = False,
    thorough: bool = False,
) -> list[Span]:
    """Identity in a text, sorted, without overlaps; offsets are code points of the text exactly as given.

    `known` are identifiers that the chart gives in structured fields; `lang` ("en" or "zh") runs that language's
    recognisers alone, otherwise the scripts in the text decide, and a mixed text gets both; `presidio` asks that
    package's patterns too (extra `presidio`); `thorough` has a pretrained encoder read once more (extra `embedded`).

    >>> find("")
    []
    """
    return find_many([text], known=[known], lang=lang, presidio=presidio, thorough=thorough)[0]


def find_many(
    texts: Sequence[str],
    *,
    known: Sequence[Iterable[Identifier]] | None = None,
    lang: str | None = None,
    presidio: bool = False,
    thorough: bool = False,
) -> list[list[Span]]:
    """`find` in each of many texts, with the same spans in less time: the tagger reads them together.

    `known`, if given, are the identifiers of each text's own chart.

    >>> [[span.type for span in spans] for spans in find_many(["Call 617-555-0123.", "", "电话 13800138000"])]
    [['PHONE'], [], ['PHONE']]
    """
    extra: tuple[Recogniser, ...] = ()
    if presidio:
        from bedside.deid.recognisers.presidio import presidio_recogniser

        extra = (presidio_recogniser(),)
    again: Reviewer | None = None
    if thorough:
        from bedside.deid.encoder.thorough import thorough_review

        again = thorough_review
    plains = [plain(text) for text in texts]
    read = [one.text for one in plains]
    recognisers = [(*recognisers_for(text, lang), *extra) for text in read]
    found = locate(read, recognisers, known=[()] * len(texts) if known is None else known, again=again)
    return [[one.back(span) for span in spans] for one, spans in zip(plains, found, strict=True)]


def find_by_rules(text: str) -> list[Span]:
    """`find` without the tagger: what the tagger itself is shown."""
    return merge(text, _by_rules(text, recognisers_for(text, None)))


def locate(
    texts: Sequence[str],
    recognisers: Sequence[Sequence[Recogniser]],
    *,
    known: Sequence[Iterable[Identifier]],
    again: Reviewer | None = None,
) -> list[list[Span]]:
    """`find_many` with each text's recognisers given: their finds, the tagger's, known identifiers, other mentions.

    `again` reads what both have found once more.
    """
    spans: list[list[Span]] = []
    for some in _together(texts):
        kept = [_by_rules(text, of) for text, of in zip(texts[some], recognisers[some], strict=True)]
        for reads in (review, again) if again else (review,):
            reviews = reads(texts[some], [merge(*one) for one in zip(texts[some], kept, strict=True)])
            kept = list(map(_reviewed, texts[some], kept, reviews))
        spans += map(_decided, texts[some], kept, known[some])
    return spans


def _together(texts: Sequence[str]) -> Iterator[slice]:
    """Texts worked on together: few enough that what is held of them meanwhile is small."""
    start = size = 0
    for number, text in enumerate(texts):
        size += len(text)
        if size >= _TOGETHER:
            yield slice(start, number + 1)
            start, size = number + 1, 0
    if start < len(texts):
        yield slice(start, len(texts))


def _reviewed(text: str, candidates: list[Candidate], read: Review) -> list[Candidate]:
    kept = [c for c in candidates if not any(c.start < d.end and d.start < c.end for d in read.doubted)]
    return [*kept, *without_speech(text, (c for c in read.found if not _is_none(text, c)))]


def _decided(text: str, kept: list[Candidate], known: Iterable[Identifier]) -> list[Span]:
    kept += known_candidates(text, known)
    kept += (c for c in _spread(text, kept) if not is_no_name(text, c))
    return [span for span in spelt_whole(text, merge(text, kept)) if not is_row_of_letters(text, span)]


def _by_rules(text: str, recognisers: Sequence[Recogniser]) -> list[Candidate]:
    candidates = [found for recognise in recognisers for found in recognise(text)]
    return without_speech(text, (c for c in candidates if not _is_none(text, c)))


def recognisers_for(text: str, lang: str | None) -> tuple[Recogniser, ...]:
    """Chinese for Chinese characters, English for Latin words; both where neither script decides (digits only).

    A Chinese note with a few abbreviations (CT, WBC, mg) is Chinese alone; in one with whole English words the English
    recognisers are guests.
    """
    if lang is not None:
        return (_recogniser(lang),)
    han = _HAN.search(text) is not None
    latin = (_LATIN_WORDS if han else _LATIN).search(text) is not None
    if han and latin:
        mainly_chinese = len(_HAN.findall(text)) * _LETTERS_A_CHARACTER > len(_LATIN.findall(text))
        return (_recogniser("zh"), _guest if mainly_chinese else _recogniser("en"))
    if han == latin:
        return (_recogniser("zh"), _recogniser("en"))
    return (_recogniser("zh" if han else "en"),)


_SCALE_NEXT = re.compile(r" ?(?:Stroke )?Scale", re.IGNORECASE)
_MAIL_END = re.compile(r"\.[A-Za-z]{2,24}\Z")
_JOURNAL = re.compile(r"\b(?:Am|Br|Eur|Engl|J|Med|Surg|Oncol|Clin|Ann|Lancet|Int|Res|Rev|Arch)\b")


def _guest(text: str) -> list[Candidate]:
    """What the English recognisers are sure of in a Chinese note: words of their own script, no bare numbers.

    Chinese characters end a word as a semicolon does ("联系Emily Carter" has one name). Numbers in a Chinese note (lot
    20230102, grade 2/1) mean what the Chinese context says.
    """
    found = _recogniser("en")(_HAN.sub(";", text))
    return [
        c
        for c in found
        if c.score >= _GUEST_SCORE
        and not _HAN.search(text, c.start, c.end)
        and _LATIN.search(text, c.start, c.end)
        and not _is_term(text, c)
    ]


def _is_term(text: str, found: Candidate) -> bool:
    """A Latin word that a Chinese note uses as a term: a maker (`Fresenius 4008S`), `0.75V@0.4ms`, a journal."""
    shown = text[found.start : found.end]
    if found.type in ("ORG", "HOSPITAL"):
        return " " not in shown
    if found.type == "EMAIL":
        return _MAIL_END.search(shown) is None
    return found.type == "NAME" and len(_JOURNAL.findall(shown)) > 1


@cache
def _recogniser(lang: str) -> Recogniser:
    if lang == "zh":
        from bedside.deid.recognisers.chinese import recognise_zh

        return recognise_zh
    from bedside.deid.recognisers.english import recognise_en

    return recognise_en


def _is_none(text: str, found: Candidate) -> bool:
    if found.type == "DATE":
        return is_no_date(text, found)
    return is_no_name(text, found) or is_goods(text, found) or is_no_house(text, found) or _is_scale(text, found)


def _is_scale(text: str, found: Candidate) -> bool:
    """Whether an institution gives a scale its name: the National Institutes of Health Stroke Scale."""
    return found.type in ("HOSPITAL", "ORG") and _SCALE_NEXT.match(text, found.end) is not None


def _spread(text: str, candidates: Iterable[Candidate]) -> list[Candidate]:
    """The other mentions of names that were found with confidence: seen once in a header, known everywhere."""
    people: dict[str, set[str]] = {}
    for c in candidates:
        if c.type in ("NAME", "STAFF") and c.score >= STRONG and c.by != "known name":
            people.setdefault(c.type, set()).add(text[c.start : c.end])
    return [
        Candidate(start, end, type, _SPREAD_SCORE, "other mention")
        for type, names in people.items()
        for start, end in mentions(text, names, seen=1)
    ]
