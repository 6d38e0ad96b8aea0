"""One criterion read: claims made, narrowed, dated, denied and excepted; what is left over is told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bedside.trials.criteria.age import ages, people, sexes
from bedside.trials.criteria.allergy import allergies
from bedside.trials.criteria.bounds import bounds
from bedside.trials.criteria.claims import Claim, Groups, Taken
from bedside.trials.criteria.cues import conditionals, denials, denied_after, exceptions, opaque
from bedside.trials.criteria.dating import date
from bedside.trials.criteria.fillers import contents
from bedside.trials.criteria.findings import Findings
from bedside.trials.criteria.lexicon import Lexicon, measurements
from bedside.trials.criteria.logic import Item, together
from bedside.trials.criteria.measured import measured
from bedside.trials.criteria.named import named
from bedside.trials.criteria.narrowing import beside, narrow
from bedside.trials.criteria.plain import JOIN, cased, lowered
from bedside.trials.criteria.pregnancy import pregnancies
from bedside.trials.criteria.pressures import pressures, staged
from bedside.trials.criteria.windows import Window, windows
from bedside.trials.criterion import Condition, Side

MARK = re.compile(
    r"\s*\d{1,2}\s*[.．](?=\d{1,3}\s*(?:周?岁|[-~～—–至]\s*\d{1,3}\s*周?岁))|\s*\d{1,2}\s+(?=[\u4e00-\u9fff])|"
    r"\s*\d{1,2}\s*[.．](?=[12]\s*型|\d{1,3}\s*(?:天|周|个?月|年|小时)[之以]?内)|"
    r"\s*\d{1,2}(?:\.\d{1,2})+[.．、)）]?\s*(?=[\u4e00-\u9fff])(?!型|岁)|"
    r"\s*(?:[-•·●○◆◇■□▪*–—>?]+\s*)*(?:[\(（【\[]?\s*(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4}|"
    r"[一二三四五六七八九十]{1,3})\s*(?:[.．:：]+(?!\d)|[、)）\]】]+[.．、:：]?)\s*|"
    r"[①-⑳⑴-⒇㈠-㈩❶-❿]\s*[.、]?\s*)*"
)
_NAMED = ("diagnosis", "finding", "medicine", "procedure", "pregnancy", "allergy")


class Reading:
    """The steps of reading one text."""

    def __init__(self, text: str, side: Side, findings: Findings | None, codes: Lexicon | None = None) -> None:
        self.text, self.exact, self.side, self._findings = lowered(text), cased(text), side, findings
        self._codes = codes
        self.taken = Taken(len(text))
        mark = MARK.match(self.exact)
        self._first = mark.end() if mark and mark.end() < len(text) else 0
        self.taken.take(0, self._first)
        self.lost: list[tuple[int, int]] = []
        self.windows: list[Window] = []
        self.claims = self._claims()

    def _claims(self) -> list[Claim]:
        text, taken = self.text, self.taken
        found = _paired(text, self._kept(pregnancies(text, taken)), self.side)
        for start, end in list(opaque(text, taken)):
            if taken.free(start, end) and contents(text, start, end):
                self._lose(start, end)
        for window in windows("\0" * self._first + text[self._first :]):
            if taken.free(window.start, window.end):
                taken.take(window.start, window.end)
                if window.ahead:
                    self.lost.append((window.start, window.end))
                else:
                    self.windows.append(window)
        found += list(allergies(text, taken))
        found += self._kept(pressures(text, taken))
        free = "".join("\0" if mask else sign for sign, mask in zip(text, taken.mask, strict=True))
        numbers = list(bounds(free))
        found += self._kept(ages(text, numbers, self.side, taken))
        if found and found[-1].kind == "age":
            for place in people(text, taken):
                taken.take(*place)
                found[-1] = found[-1].changed(also=(*found[-1].only.also, place))
        hits = [one for one in measurements().find(self.exact, text) if taken.free(one.start, one.end)]
        for claim in measured(text, self.exact, hits, numbers, self.side, taken):
            if claim.groups:
                found += self._kept([claim])
            else:
                self._lose(claim.start, claim.end)
        found += self._kept(staged(text, taken))
        found += self._kept(sexes(text, taken))
        found += list(named(text, self.exact, self._findings, self._codes, taken))
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
        narrow(self)
        beside(self)
        date(self)
        items = self._items()
        groups = together(self.text, items, self.side, conditionals(self.text))
        if groups is None:
            return (), self._whole()
        return _once(groups), self._rest()

    def _whole(self) -> tuple[tuple[int, int], ...]:
        """All of it but for its number, where there is anything at all."""
        end = len(self.text.rstrip(" \n;.,"))
        return ((self._first, end),) if any(one.isalnum() for one in self.text[self._first : end]) else ()

    def _items(self) -> list[Item]:
        denied: dict[int, int] = {}
        excepted: set[int] = set()
        start = self.claims[0].start
        for exception in exceptions(self.text, self.taken, start):
            own = [n for n, one in enumerate(self.claims) if exception.first <= one.start and one.end <= exception.last]
            if own and len(own) < len(self.claims):
                excepted.update(own)
                around = exception.first > exception.start
                self._mark(own, exception.start, exception.first if around else exception.end)
                if around and exception.end > exception.last:
                    self._mark(own, exception.last, exception.end)
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
                while run[0] and JOIN.fullmatch(self.text, self.claims[run[0] - 1].end, self.claims[run[0]].start):
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


def _paired(text: str, claims: list[Claim], side: Side) -> list[Claim]:
    """In an exclusion, women who can bear children and use no contraception are one thing."""
    done: list[Claim] = []
    for claim in claims:
        last = done[-1] if done else None
        names = {claim.only.concept, last.only.concept} if last else set()
        if last and side == "exclude" and names == {"childbearing potential", "contraception"}:
            gap = text[last.end : claim.start]
            if len(gap) < 40 and not re.search(r"[;,]|\bor\b|或", gap):
                done[-1] = replace(last, end=claim.end, groups=(*last.groups, *claim.groups))
                continue
        done.append(claim)
    return done


def _merged(text: str, spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    done: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if done and not text[done[-1][1] : start].strip():
            done[-1] = (done[-1][0], max(end, done[-1][1]))
        else:
            done.append((start, end))
    return tuple(done)


def _once(groups: Groups) -> Groups:
    """Conditions that ask the same, in other places, are one; a group that another implies is left out.

    The places of what is left out stay, in `also` of a condition that asks as much.
    """
    if len(groups) == 1 and len(groups[0]) == 1:
        return groups
    first: dict[_Asked, Condition] = {}
    places: dict[_Asked, set[tuple[int, int]]] = {}
    kept: dict[frozenset[_Asked], None] = {}
    for group in groups:
        asked = [_asked(one) for one in group]
        for key, one in zip(asked, group, strict=True):
            first.setdefault(key, one)
            places.setdefault(key, set()).update(((one.start, one.end), *one.also))
        kept[frozenset(asked)] = None
    least = [own for own in kept if not any(other < own for other in kept)]
    for own in kept:
        for other in least:
            if other < own:
                places[next(iter(other))].update(span for one in own for span in places[one])
    order = {one: number for number, one in enumerate(first)}
    return tuple(tuple(_placed(first[one], places[one]) for one in sorted(own, key=order.__getitem__)) for own in least)


_Asked = tuple[object, ...]
"""What a condition asks, wherever it stands."""


def _asked(one: Condition) -> _Asked:
    number = (one.op, one.low, one.high, one.unit, one.times)
    return (one.kind, one.concept, *number, one.within_days, one.qualifiers)


def _placed(one: Condition, places: set[tuple[int, int]]) -> Condition:
    also = tuple(sorted(places - {(one.start, one.end)}))
    return one if also == one.also else replace(one, also=also)
