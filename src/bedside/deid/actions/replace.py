"""Replaces found spans in a text: by a tag, a mask, a surrogate or a shifted date; says which parts are ours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bedside.deid._policy import Policy, subkey
from bedside.deid.actions.shift import day_first, shift_date, shift_days
from bedside.deid.actions.surrogates import Surrogates, words_of
from bedside.types import Span

MASK = "***"


@dataclass(frozen=True, slots=True)
class Replaced:
    """A text after the replacements: `ours` are the stretches of it that we wrote, `pairs` surrogate and original."""

    text: str = field(repr=False)
    ours: tuple[tuple[int, int], ...] = ()
    pairs: tuple[tuple[str, str], ...] = field(default=(), repr=False)


def replace(
    text: str, spans: Sequence[Span], *, policy: Policy, key: bytes, patient: str, avoid: Iterable[str] = ()
) -> Replaced:
    """The text with every span replaced as the policy says; spans sorted, without overlaps.

    A date that cannot be shifted and a surrogate that cannot be drawn become tags. No surrogate is one of the originals
    or one of `avoid`.
    """
    originals = [text[span.start : span.end] for span in spans]
    taken = {word for o in (*originals, *avoid) for word in {o.casefold(), *words_of(o)}}
    draw = Surrogates(subkey(key, "surrogate"), patient, frozenset(taken))
    days = shift_days(key, patient, whole_weeks=policy.whole_weeks)
    first = day_first(o for o, span in zip(originals, spans, strict=True) if span.type == "DATE")
    pieces: list[str] = []
    ours: list[tuple[int, int]] = []
    pairs: list[tuple[str, str]] = []
    at = length = 0
    for span, original in zip(spans, originals, strict=True):
        action = policy.action_for(span.type)
        new: str | None = None
        if action == "mask":
            new = "*" * len(original) if policy.mask_same_length else MASK
        elif action == "shift":
            new = shift_date(original, days, day_first=first)
        elif action == "surrogate":
            new = draw.replace(span.type, original)
            pairs += [(new, original)] if new else []
        new = f"[{span.type}]" if new is None else new
        pieces += [text[at : span.start], new]
        length += span.start - at
        ours.append((length, length + len(new)))
        length += len(new)
        at = span.end
    return Replaced("".join([*pieces, text[at:]]), tuple(ours), tuple(pairs))
