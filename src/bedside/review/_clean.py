"""The one door into the queue: identity is taken out of everything a person will read, or the item stays outside."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bedside.deid import Policy, scrub_text
from bedside.model.moved import Moved
from bedside.review._item import Item, Quote, Said
from bedside.types import Entity, Span


def clean(item: Item) -> Item:
    """The item without identity, the places in its text and output moved along. Raises IdentityError.

    >>> clean(Item(why="reported", head="generate", text="Call 617-555-0123.", output={"text": "No fever."})).text
    'Call [PHONE].'
    """
    text, removed = _scrubbed(item.text)
    written, cut = _scrubbed(str(item.output.get("text") or ""))
    there, said_there = Moved(removed), Moved(cut)
    return replace(
        item,
        text=text,
        second=words(item.second),
        reason=words(item.reason),
        output=_output(item, written, there),
        evidence=tuple(_quote(one, item.text, there) for one in item.evidence),
        findings=tuple(_said(one, said_there) for one in item.findings),
    )


def words(text: str) -> str:
    """Words that a person wrote, or that are quoted, without identity. Raises IdentityError."""
    return _scrubbed(text)[0]


def pseudonym(salt: str, patient: str) -> str:
    """What stands for a patient in one queue; empty for nobody.

    >>> pseudonym("salt", ""), len(pseudonym("salt", "MRN 17"))
    ('', 12)
    """
    return hashlib.blake2b(patient.encode(), key=salt.encode()[:64], digest_size=6).hexdigest() if patient else ""


def _scrubbed(text: str) -> tuple[str, list[Span]]:
    return scrub_text(text, policy=Policy(action="tag")) if text.strip() else (text, [])


def _output(item: Item, written: str, there: Moved) -> dict[str, Any]:
    """Every word of it cleaned but the labels that the model is known to give; entities moved along."""
    kept = dict(item.output)
    entities = kept.pop("entities", None)
    cleaned: dict[str, Any] = _cleaned(
        {**kept, "text": written} if "text" in kept else kept, frozenset([*item.labels, written])
    )
    if entities is None:
        return cleaned
    return {**cleaned, "entities": [moved for one in entities if (moved := _entity(one, there))]}


def _cleaned(value: Any, known: frozenset[str]) -> Any:
    if isinstance(value, str):
        return value if value in known else words(value)
    if isinstance(value, Mapping):
        return {_cleaned(str(key), known): _cleaned(part, known) for key, part in value.items()}
    return [_cleaned(part, known) for part in value] if isinstance(value, (list, tuple)) else value


def _entity(one: Mapping[str, Any], there: Moved) -> dict[str, Any] | None:
    """An entity where it now stands, without its words: they stand in the text; None where a part was removed."""
    moved = there.there(Entity(one["start"], one["end"], one["type"], one.get("probability", 1.0)))
    if moved is None:
        return None
    return {"start": moved.start, "end": moved.end, "type": moved.type, "probability": moved.probability}


def _quote(one: Quote, text: str, there: Moved) -> Quote:
    """A quote where it now stands; without a place where other words stand there: marking those would mislead."""
    start, end = _place(one.start, one.end, there) if text[one.start : one.end] == one.text else (None, None)
    return replace(one, text=words(one.text), source=words(one.source), start=start, end=end)


def _said(one: Said, there: Moved) -> Said:
    start, end = _place(one.start, one.end, there)
    return replace(one, reason=words(one.reason), start=start, end=end)


def _place(start: int | None, end: int | None, there: Moved) -> tuple[int | None, int | None]:
    return (None, None) if start is None or end is None else there.there_across(start, end)
