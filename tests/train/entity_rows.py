"""Makes small tables of marked notes in two languages, flat or with entities inside entities."""

from __future__ import annotations

import random
from typing import Any

from bedside.model.units import units_of

FILLERS = {"en": ["no", "mild", "since Monday", "on", "with", "and"], "zh": ["无", "轻度", "三天", "服用", "伴", "及"]}
FLAT = {
    "en": {"symptom": ["chest pain", "fever"], "drug": ["aspirin"]},
    "zh": {"symptom": ["胸痛", "发热"], "drug": ["甲硝唑"]},
}
NESTED = {
    "en": {"lung cancer": ["lung"], "breast cancer": ["breast"], "sepsis": []},
    "zh": {"肺癌": ["肺"], "乳腺癌": ["乳腺"], "败血症": []},
}


def marked_rows(count: int, *, nested: bool = False, tokens: bool = False) -> list[dict[str, Any]]:
    """Rows with `text` and `entities`, or `tokens` and `tags`; every second one is Chinese."""
    dice = random.Random(0)
    return [_row(dice, number, "zh" if number % 2 else "en", nested, tokens) for number in range(count)]


def _row(dice: random.Random, number: int, lang: str, nested: bool, tokens: bool) -> dict[str, Any]:
    text, entities = "", []
    for _ in range(dice.randint(1, 3)):
        text += _space(text, lang) + dice.choice(FILLERS[lang])
        text += _space(text, lang)
        word, kinds = _word(dice, lang, nested)
        entities += [(len(text) + word.index(part), part, kind) for part, kind in kinds]
        text += word
    row = {"patient": f"p{number // 3}"}
    found = [{"start": start, "end": start + len(part), "type": kind} for start, part, kind in entities]
    return row | (_as_tokens(text, found) if tokens else {"text": text, "entities": found})


def _word(dice: random.Random, lang: str, nested: bool) -> tuple[str, list[tuple[str, str]]]:
    if nested:
        word = dice.choice(sorted(NESTED[lang]))
        return word, [(word, "disease"), *((part, "body") for part in NESTED[lang][word])]
    kind = dice.choice(sorted(FLAT[lang]))
    word = dice.choice(FLAT[lang][kind])
    return word, [(word, kind)]


def _as_tokens(text: str, entities: list[dict[str, Any]]) -> dict[str, Any]:
    places = units_of(text)
    tags = ["O"] * len(places)
    for one in entities:
        inside = [n for n, (start, _) in enumerate(places) if one["start"] <= start < one["end"]]
        for n in inside:
            tags[n] = f"{'B' if n == inside[0] else 'I'}-{one['type']}"
    return {"tokens": [text[start:end] for start, end in places], "tags": tags}


def _space(text: str, lang: str) -> str:
    return " " if text and lang == "en" else ""
