"""One criterion read: claims made, narrowed, dated, denied and excepted; what is left over is told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bedside.trials._age import ages, people, sexes
from bedside.trials._allergy import allergies
from bedside.trials._base import Condition, Side
from bedside.trials._bounds import bounds
from bedside.trials._claims import Claim, Groups, Taken
from bedside.trials._cues import conditionals, denials, denied_after, exceptions, opaque
from bedside.trials._fillers import contents, qualifiers
from bedside.trials._lexicon import measurements
from bedside.trials._logic import Item, together
from bedside.trials._measured import measured, pressures
from bedside.trials._named import Findings, named
from bedside.trials._plain import cased, lowered
from bedside.trials._pregnancy import pregnancies
from bedside.trials._windows import Window, windows

MARK = re.compile(
    r"\s*\d{1,2}\s*[.．](?=\d{1,3}\s*(?:周?岁|[-~～—–至]\s*\d{1,3}\s*周?岁))|\s*\d{1,2}\s+(?=[\u4e00-\u9fff])|"
    r"\s*(?:[-•·●○◆◇■□▪*–—>?]+\s*)*(?:[\(（【\[]?\s*(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4}|[一二三四五六七八九十]{1,3})\s*(?:[.．、:：]+(?!\d)|[)）\]】]+[.．、:：]?)\s*|[①-⑳⑴-⒇㈠-㈩❶-❿]\s*[.、]?\s*)*"
)
_NAMED = ("diagnosis", "finding", "medicine", "procedure", "pregnancy", "allergy")
_CARRIED = ("current", "long-term", "planned", "required", "systemic")
_JOIN = re.compile(r"[\s、/,或和及与]*(?:\bor\b|\band\b|以及|和/或)?\s*")
_BESIDE = re.compile(r"[\s的性]*(?:病情|血糖|血压|得到|且|is|are|that is|which is|\()?\s*")


_BEFORE_ZH = re.compile(r"(?P<word>[\u4e00-\u9fff]{2,6})\Z")
_BEFORE_EN = re.compile(r"(?<![a-z-])(?P<word>[a-z][a-z-]{2,})\s\Z")
_VERBS = re.compile(r"影响|导致|引起|改善|预防|不能|无|未|没|非|拒绝|准备|准予|需|可能|因|致|按|经|对|后|前|时|ing\Z|\Bed\Z")


class Reading:
    """The steps of reading one text."""

    def __init__(self, text: str, side: Side, findings: Findings | None) -> None:
        self.text, self.exact, self.side, self._findings = lowered(text), cased(text), side, findings
        self.taken = Taken(len(text))
        mark = MARK.match(self.exact)
        self._first = mark.end() if mark and mark.end() < len(text) else 0
        self.taken.take(0, self._first)
        self.lost: list[tuple[int, int]] = []
        self.windows: list[Window] = []
        self.claims = self._claims()

    def _claims(self) -> list[Claim]:
        text, taken = self.text, self.taken
        found = self._kept(pregnancies(text, taken))
        for start, end in list(opaque(text, taken)):
            if taken.free(start, end):
                self._lose(start, end)
        for window in windows(text):
            if taken.free(window.start, window.end):
                taken.take(window.start, window.end)
                if window.ahead:
                    self.lost.append((window.start, window.end))
                else:
                    self.windows.append(window)
        found += list(allergies(text, taken))
        found += self._kept(pressures(text, taken))
        numbers = [one for one in bounds(text) if taken.free(one.start, one.end)]
        found += self._kept(ages(text, numbers, self.side, taken))
        if found and found[-1].kind == "age":
            for place in people(text, taken):
                taken.take(*place)
                found[-1] = found[-1].changed(also=(*found[-1].only.also, place))
        hits = [one for one in measurements().find(self.exact) if taken.free(one.start, one.end)]
        for claim in measured(text, self.exact, hits, numbers, self.side, taken):
            if claim.groups:
                found += self._kept([claim])
            else:
                self._lose(claim.start, claim.end)
        found += self._kept(sexes(text, taken))
        found += list(named(text, self.exact, self._findings, taken))
        return sorted(found, key=lambda one: one.start)

    def _kept(self, claims: object) -> list[Claim]:
        kept = []
        for claim in claims:  # type: ignore[attr-defined]
            if self.taken.free(claim.start, claim.end):
                self.taken.take(claim.start, claim.end)
                kept.append(claim)
        return kept

    def _lose(self, start: int, end: int) -> None:
        self.taken.take(start, end)
        self.lost.append((start, end))

    def done(self) -> tuple[tuple[tuple[Condition, ...], ...], tuple[tuple[int, int], ...]]:
        """The groups, and what is not computed."""
        if not self.claims:
            return (), self._whole()
        self._narrow()
        self._beside()
        self._date()
        items = self._items()
        groups = together(self.text, items, self.side, conditionals(self.text))
        if groups is None:
            return (), self._whole()
        return _once(groups), self._rest()

    def _whole(self) -> tuple[tuple[int, int], ...]:
        """All of it but for its number, where there is anything at all."""
        end = len(self.text.rstrip(" \n;.,"))
        return ((self._first, end),) if any(one.isalnum() for one in self.text[self._first : end]) else ()

    def _narrow(self) -> None:
        """Words such as `severe` go to what they stand beside; a name may hold one itself (血压控制不佳)."""
        for number, claim in enumerate(self.claims):
            words = [word for _, _, word in qualifiers(self.text[claim.start : claim.end])]
            if claim.kind == "diagnosis" and "uncontrolled" in words:
                self.claims[number] = claim.changed(qualifiers=("uncontrolled",))
        for start, end, word in qualifiers(self.text):
            if not self.taken.free(start, end):
                continue
            for number, claim in enumerate(self.claims):
                if claim.kind not in ("diagnosis", "finding", "medicine", "procedure"):
                    continue
                before = claim.start >= end and not self._between(end, claim.start)
                behind = claim.end <= start and _BESIDE.fullmatch(self.text, claim.end, start)
                if before or behind:
                    self._qualify(number, word, (start, end))
                    break

    def _beside(self) -> None:
        """Words of no list that stand directly before a name narrow it too: atrophic vaginitis, 角膜屈光手术."""
        for number, claim in enumerate(self.claims):
            if claim.kind not in ("diagnosis", "finding", "procedure") or len(claim.groups[0]) > 1:
                continue
            match = (_BEFORE_ZH if not self.text[claim.start].isascii() else _BEFORE_EN).search(self.text, max(0, claim.start - 24), claim.start)
            if match is None or not self.taken.free(*match.span("word")):
                continue
            found = contents(self.text, *match.span("word"))
            if len(found) != 1 or found[0][1] != match.end("word") or _VERBS.search(match["word"]):
                continue
            start, end = found[0]
            self.taken.take(start, end)
            told = (*claim.only.qualifiers, self.text[start:end])
            self.claims[number] = claim.changed(qualifiers=told, also=(*claim.only.also, (start, end)))

    def _between(self, start: int, end: int) -> bool:
        """Does anything stand between a word and the name that it narrows?"""
        gap = self.text[start:end]
        if any(sign in gap for sign in ",;、(") or self.taken.mask[start:end].count(1):
            words = [one for one in qualifiers(gap)]
            return not words or any(sign in gap for sign in ",;(")
        spans = contents(self.text, start, end)
        told = [(first + start, last + start) for first, last, _ in qualifiers(gap)]
        return any(not any(a <= first and last <= b for a, b in told) for first, last in spans)

    def _qualify(self, number: int, word: str, place: tuple[int, int]) -> None:
        self.taken.take(*place)
        kind = self.claims[number].kind
        ascii_word = self.text[place[0]].isascii()
        while number < len(self.claims) and self.claims[number].kind == kind:
            claim = self.claims[number]
            told = tuple(dict.fromkeys((*claim.only.qualifiers, word)))
            self.claims[number] = claim.changed(qualifiers=told, also=(*claim.only.also, place))
            number += 1
            if number == len(self.claims) or (word not in _CARRIED and ascii_word):
                return
            gap = self.text[claim.end : self.claims[number].start]
            if not (_JOIN.fullmatch(gap) and gap.strip()) and gap.strip() not in ("等",) or ("," in gap and not ascii_word):
                return

    def _date(self) -> None:
        """Windows go to what they are about: behind them at the beginning of a clause, else before them."""
        for window in self.windows:
            own = self._dated(window)
            if not own:
                self.lost.append((window.start, window.end))
            for number in own:
                claim = self.claims[number]
                place = (window.start, window.end)
                self.claims[number] = claim.changed(within_days=window.days, also=(*claim.only.also, place))

    def _dated(self, window: Window) -> list[int]:
        chinese = not self.text[window.start : window.end].isascii()
        first, last = self._clause(window.start)
        before = [n for n, one in enumerate(self.claims) if one.kind in _NAMED[:4] and first <= one.start and one.end <= window.start]
        after = [n for n, one in enumerate(self.claims) if one.kind in _NAMED[:4] and window.end <= one.start < last]
        if not chinese and before:
            gap = self.text[self.claims[before[-1]].end : window.start]
            if not re.search(r"\bwho\b|\bhave\b|\bhas\b|,", gap) or not after:
                return self._run_before(before)
        if chinese and not after:
            return before
        stop = len(self.text)
        for other in self.windows:
            if other.start > window.start:
                stop = min(stop, other.start)
        own = [n for n in after if self.claims[n].start < stop]
        if not chinese:
            return own
        kept: list[int] = []
        for n in own:
            gap = self.text[self.claims[kept[-1]].end if kept else window.end : self.claims[n].start]
            if kept and "(" in gap and not re.search(r"\)|如|包括|即|包含", gap):
                break
            if kept and "," in gap and not re.search(r",\s*(?:或|及|和|以及|包括|如)", gap):
                break
            kept.append(n)
        return kept or before

    def _run_before(self, before: Sequence[int]) -> list[int]:
        """The names of one list, back from a window."""
        own = [before[-1]]
        listed = False
        for number in reversed(before[:-1]):
            gap = self.text[self.claims[number].end : self.claims[own[-1]].start]
            if re.search(r"\bor\b|\band\b|/", gap):
                listed = "," in gap or listed
                own.append(number)
            elif "," in gap and listed and not re.search(r"\bwho\b|\bwith\b", gap):
                own.append(number)
            else:
                break
        dated = [n for n in own if self.claims[n].only.within_days is None]
        return sorted(dated)

    def _clause(self, at: int) -> tuple[int, int]:
        first = max((self.text.rfind(sign, 0, at) for sign in (";", ". ", "\n")), default=-1) + 1
        ends = [end for sign in (";", ". ", "\n") if (end := self.text.find(sign, at)) >= 0]
        return first, min(ends, default=len(self.text))

    def _items(self) -> list[Item]:
        denied: dict[int, int] = {}
        excepted: set[int] = set()
        start = self.claims[0].start
        for exception in exceptions(self.text, self.taken, start):
            own = [n for n, one in enumerate(self.claims) if exception.first <= one.start and one.end <= exception.last]
            if own and len(own) < len(self.claims):
                excepted.update(own)
                self._mark(own, exception.start, exception.first if exception.first > exception.start else exception.end)
        for order, denial in enumerate(denials(self.text, self.taken)):
            own = [
                n
                for n, one in enumerate(self.claims)
                if one.kind in _NAMED and denial.first <= one.start and one.end <= denial.last and n not in denied
            ]
            if own:
                denied.update(dict.fromkeys(own, order))
                self._mark(own, denial.start, denial.end)
        for n, claim in enumerate(self.claims):
            if claim.kind in _NAMED and (place := denied_after(self.text, claim.end)) and self.taken.free(*place):
                run = [n]
                while run[0] and _JOIN.fullmatch(self.text, self.claims[run[0] - 1].end, self.claims[run[0]].start):
                    run.insert(0, run[0] - 1)
                denied.update(dict.fromkeys(run, 1000 + n))
                self._mark(run, *place)
        return [Item(one, denied.get(n, -1), n in excepted) for n, one in enumerate(self.claims)]

    def _mark(self, numbers: Sequence[int], start: int, end: int) -> None:
        self.taken.take(start, end)
        for n in numbers:
            claim = self.claims[n]
            self.claims[n] = claim.changed(also=(*claim.only.also, (start, end)))

    def _rest(self) -> tuple[tuple[int, int], ...]:
        """What is neither taken nor only joins, in stretches."""
        spans = list(self.lost)
        at = 0
        while at < len(self.text):
            if self.taken.mask[at]:
                at += 1
                continue
            stop = self.taken.mask.find(1, at)
            stop = len(self.text) if stop < 0 else stop
            found = contents(self.text, at, stop)
            if found:
                spans.append((found[0][0], found[-1][1]))
            at = stop
        return _merged(self.text, spans)


def _merged(text: str, spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    done: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if done and not text[done[-1][1] : start].strip():
            done[-1] = (done[-1][0], max(end, done[-1][1]))
        else:
            done.append((start, end))
    return tuple(done)




def _once(groups: Groups) -> Groups:
    """Conditions that ask the same, in other places, are one; so are groups."""
    first: dict[Condition, Condition] = {}
    kept: dict[frozenset[Condition], tuple[Condition, ...]] = {}
    for group in groups:
        own: dict[Condition, Condition] = {}
        for one in group:
            bare = replace(one, start=0, end=0, also=(), codes=())
            own.setdefault(bare, first.setdefault(bare, one))
        kept.setdefault(frozenset(own), tuple(own.values()))
    return tuple(group for bare, group in kept.items() if not any(other < bare for other in kept))
