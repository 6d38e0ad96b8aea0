"""What a chart says of the things in a vocabulary: present, denied or possible, taken or stopped, measured, and when.

Structured entries are read by code and by name; words by name with their context (denied, a relative's, only possible,
past). Days are counted back from the chart's last dated entry, or from the day that was named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Literal

from bedside.phenotypes._patient import patient_of
from bedside.phenotypes.chart import READ, day_of
from bedside.phenotypes.context import Context, contexts
from bedside.trials.matching.entry_words import (
    around,
    head_of,
    is_active,
    is_denied,
    is_doubted,
    is_mistake,
    is_past,
    is_stopped,
    says_allergic,
    says_halted,
    sentence_of,
    shown,
)
from bedside.trials.matching.fact import KINDS, TAKEN, Fact, Facts, State
from bedside.trials.matching.names import Hit
from bedside.trials.matching.values import SHOWN, value_facts
from bedside.trials.matching.vocabulary import Vocabulary
from bedside.trials.matching.when import age_said, days_ago
from bedside.types import Chart, Entry

_VAGUE = frozenset(["drug", "food"])
"""Words that say something only of an allergy."""
_HEADINGS = frozenset(["allergy", "drug allergy", "surgery", "vaccination"])
_HEADING = re.compile(r"\s*[:：]")


def read_facts(chart: Chart, words: Vocabulary, *, later: int = 0) -> Facts:
    """The facts of a chart; today is `later` days after its last dated entry."""
    entries = [one for one in chart.entries if one.kind in KINDS and not is_mistake(one)]
    last = max((day for one in chart.entries if (day := day_of(one.time))), default=None)
    found: list[Fact] = []
    for entry in entries:
        day = day_of(entry.time)
        days = later if last is None else (last - day).days + later if day else None
        found += _facts(entry, days, words)
    said = "\n".join(one.text for one in entries if one.kind in READ and not isinstance(one.value, float))
    sex = chart.sex if chart.sex in ("male", "female") else patient_of(said).sex or ""
    age: tuple[float, float] | None = None
    if chart.age_years is not None:
        age = (chart.age_years, chart.age_years + 1)
    elif (years := age_said(said)) is not None:
        age = (years, years + (1 if years >= 1 else 1 / 12))
    if age and age[0] >= 90:  # ages above 89 are one class
        age = (90.0, 130.0)
    narrow: dict[int, list[Fact]] = {}
    own: dict[int, list[Fact]] = {}
    for fact in found:
        for number in fact.up:
            narrow.setdefault(number, []).append(fact)
        for number in fact.keys:
            own.setdefault(number, []).append(fact)
    lists = frozenset(
        one.kind for one in entries if one.kind in TAKEN | {"Condition", "AllergyIntolerance", "Procedure"}
    )
    return Facts(chart.patient, sex, age, tuple(found), lists, narrow, own)


def _facts(entry: Entry, days: int | None, words: Vocabulary) -> Iterator[Fact]:
    if entry.kind in READ and (value := list(value_facts(entry, words))):
        for number, interval, over, under, said in value:
            yield Fact(
                frozenset({number}),
                words.up[number],
                "value",
                entry,
                days=days,
                value=interval,
                over=over,
                under=under,
                said=said,
            )
        if isinstance(entry.value, (int, float)):
            return
    head = head_of(entry)
    coded = words.coded(entry.codes)
    hits, around = _read(words, head)
    denied = is_denied(entry)
    doubted = is_doubted(entry)
    if coded and entry.kind in KINDS:
        yield from _structured(entry, coded, days, words, denied=denied, doubted=doubted)
    for hit, context in zip(hits, around, strict=True):
        yield from _worded(entry, head, hit, context, days, words, denied=denied, doubted=doubted)


def _structured(
    entry: Entry, coded: Iterable[int], days: int | None, words: Vocabulary, *, denied: bool, doubted: bool
) -> Iterator[Fact]:
    keys = frozenset(n for n in coded if words.things[n].sort in ("concept", "medicine"))
    if keys:
        state: State = "denied" if denied else "possible" if doubted else "present"
        yield _fact(entry, keys, words, days, state=state, said=shown(head_of(entry)), sort=_sort(entry, keys, words))


def _worded(
    entry: Entry,
    text: str,
    hit: Hit,
    context: Context,
    days: int | None,
    words: Vocabulary,
    *,
    denied: bool,
    doubted: bool,
) -> Iterator[Fact]:
    """What a name in an entry's words says, each sort of thing apart."""
    if context.family or context.hypothetical:
        return
    for key in hit.keys:
        thing = words.things[key]
        if thing.name in _VAGUE and entry.kind != "AllergyIntolerance":
            continue
        if thing.name in _HEADINGS and _HEADING.match(text, hit.end):
            continue
        state: State = (
            "denied" if denied or context.negated else "possible" if doubted or context.uncertain else "present"
        )
        if thing.sort == "denial":
            key, state = words.denials[key], "present" if state == "denied" else "denied"
        elif thing.sort not in ("concept", "medicine"):
            continue
        keys = frozenset({key})
        sort = _sort(entry, keys, words)
        near = sentence_of(text, hit)
        if entry.kind not in TAKEN and sort == "taken" and says_allergic(near):
            sort = "allergy"
        ago = days_ago(text, hit.start, hit.end) if len(text) > SHOWN or entry.kind in READ else None
        when = None if days is None else days + ago if ago is not None else days
        vague = context.historical and ago is None and entry.kind not in ("Condition", "Procedure")
        yield _fact(
            entry,
            keys,
            words,
            None if vague else when,
            state=state,
            said=around(text, hit),
            sort=sort,
            past=context.historical or thing.course == "past",
            halted=sort == "taken" and (context.historical or says_halted(near)),
        )


def _fact(  # noqa: PLR0913
    entry: Entry,
    keys: frozenset[int],
    words: Vocabulary,
    days: int | None,
    *,
    state: State,
    said: str,
    past: bool = False,
    halted: bool = False,
    sort: Literal["said", "taken", "allergy"],
) -> Fact:
    up = frozenset().union(*(words.up[key] for key in keys))
    return Fact(
        keys,
        up,
        sort,
        entry,
        state=state,
        past=past or is_past(entry),
        stopped=halted or (sort == "taken" and is_stopped(entry)),
        active=sort == "taken" and is_active(entry),
        days=days,
        said=said,
    )


def _sort(entry: Entry, keys: frozenset[int], words: Vocabulary) -> Literal["said", "taken", "allergy"]:
    if entry.kind == "AllergyIntolerance":
        return "allergy"
    medicine = any(words.things[key].sort == "medicine" for key in keys)
    return "taken" if medicine and entry.kind not in ("Condition", "Procedure") else "said"


def _read(words: Vocabulary, text: str) -> tuple[list[Hit], list[Context]]:
    hits = words.names.find(text)
    wanted = [hit for hit in hits if any(words.things[key].sort in _READ for key in hit.keys)]
    return wanted, _contexts(text, tuple((hit.start, hit.end) for hit in wanted)) if wanted else []


_READ = frozenset(["concept", "medicine", "denial"])


def _contexts(text: str, spans: tuple[tuple[int, int], ...]) -> list[Context]:
    """Short texts come again and again: names of diagnoses and medicines."""
    return _kept(text, spans) if len(text) < SHOWN else contexts(text, spans)


@lru_cache(maxsize=4096)
def _kept(text: str, spans: tuple[tuple[int, int], ...]) -> list[Context]:
    return contexts(text, spans)
