"""De-identification beside Presidio: characters a second and recall on the same notes, in the same run, as ratios.

    python benchmarks/deid.py [--notes 300] [--json]

Presidio runs its pattern recognisers with the empty language engine (no model can be assumed on a machine without
network), in English, for that is what it has. The notes are made from the templates below; where the Presidio-research
sentences lie beside the checkout (../shared/data), they are measured as well. "Pattern types" are numbers, dates,
addresses of mail and web: what both engines can know. Both are warm and are given the same list of notes, alternating:
ours reads it with `find_many`, Presidio note by note (its BatchAnalyzerEngine does the same in a loop). The best of
three passes in processor seconds counts, so that a busy machine disturbs neither. "thorough" is ours with the encoder.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bedside.deid import find_many
from bedside.deid._evaluate import evaluate_spans
from bedside.deid._merge import merge
from bedside.deid.recognisers.presidio import TYPES, presidio_recogniser
from bedside.errors import MissingExtra
from bedside.types import Estimate, Span

Marked = tuple[str, list[Span]]
Finder = Callable[[Sequence[str]], Sequence[Sequence[Span]]]
SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "presidio_synth_pii" / "dev.jsonl"
PATTERN_TYPES = {"PHONE", "EMAIL", "URL", "ID", "DATE", "ACCOUNT"}
GIVEN = ["James", "Maria", "Robert", "Linda", "Ahmed", "Grace", "Wei", "Olga", "Peter", "Fatima", "Samuel", "Ingrid"]
FAMILY = [
    "Kowalski",
    "Okafor",
    "Nguyen",
    "Ferreira",
    "Lindqvist",
    "Abernathy",
    "Castellano",
    "Haddad",
    "Petrov",
    "Dubois",
]
TEMPLATES = (
    "Admission note. {NAME} was admitted on {DATE} with community-acquired pneumonia. BP 132/84, HR 96, SpO2 94% on "
    "room air. MRN: {ID}. Sputum grew S. pneumoniae; ceftriaxone 2 g IV daily and azithromycin 500 mg were started.",
    "Discharge summary for {NAME}, MRN {ID}. Discharged {DATE} after laparoscopic cholecystectomy. Creatinine 0.9 "
    "mg/dL, WBC 8.1. Call {PHONE} with fever above 38.5 C. Follow-up with Dr. {STAFF} in two weeks.",
    "Telephone encounter {DATE}: {NAME} (phone {PHONE}, e-mail {EMAIL}) reports Parkinson tremor worse on carbidopa.",
    "Clinic letter. Dear Dr. {STAFF}, thank you for referring {NAME}. HbA1c 8.2% on {DATE}; metformin 1000 mg twice "
    "daily was continued and a Foley catheter is no longer needed. Reach the clinic at {PHONE}.",
    "SSN {SSN} verified. Portal message from {EMAIL} on {DATE}: ankle swelling, no chest pain, NYHA II, EF 45%.",
)


def make(rng: random.Random) -> Marked:
    """One note with its identity marked."""
    values = {
        "NAME": f"{rng.choice(GIVEN)} {rng.choice(FAMILY)}",
        "STAFF": rng.choice(FAMILY),
        "DATE": rng.choice(["{m:02}/{d:02}/{y}", "{y}-{m:02}-{d:02}"]).format(
            y=rng.randint(2005, 2024), m=rng.randint(1, 12), d=rng.randint(1, 28)
        ),
        "PHONE": f"({rng.randint(201, 989)}) {rng.randint(200, 999)}-{rng.randint(0, 9999):04}",
        "EMAIL": f"{rng.choice(FAMILY).lower()}{rng.randint(1, 99)}@example.com",
        "ID": f"{rng.randint(10**6, 10**8)}",
        "SSN": f"{rng.randint(101, 699)}-{rng.randint(10, 99)}-{rng.randint(1000, 9999)}",
    }
    text, spans = "", []
    rest = rng.choice(TEMPLATES)
    while "{" in rest:
        before, _, tail = rest.partition("{")
        kind, _, rest = tail.partition("}")
        start = len(text) + len(before)
        text += before + values[kind]
        spans.append(Span(start, len(text), "ID" if kind == "SSN" else kind))
    return text + rest, spans


def shared_sentences() -> list[Marked]:
    """Presidio-research's own sentences, when they are there."""
    if not SHARED.exists():
        return []
    kinds = {**TYPES, "GPE": "ADDRESS", "STREET_ADDRESS": "ADDRESS", "ZIP_CODE": "ADDRESS", "ORGANIZATION": "ORG"}
    rows = map(json.loads, SHARED.read_text(encoding="utf-8").splitlines())
    return [
        (row["text"], [Span(e["start"], e["end"], kinds[e["type"]]) for e in row["entities"] if e["type"] in kinds])
        for row in rows
    ]


def measure(notes: Sequence[Marked], finders: dict[str, Finder]) -> dict[str, dict[str, Any]]:
    """Speed and recall of each finder: over everything, and over the types that patterns alone can know."""
    texts = [text for text, _ in notes]
    characters = sum(map(len, texts))
    best = dict.fromkeys(finders, float("inf"))
    for _ in range(3):
        for name, finder in finders.items():
            began = time.process_time()
            finder(texts)
            best[name] = min(best[name], time.process_time() - began)
    results = {}
    for name, finder in finders.items():
        found = [(text, marked, spans) for (text, marked), spans in zip(notes, finder(texts), strict=True)]
        patterns = [(text, [s for s in marked if s.type in PATTERN_TYPES], spans) for text, marked, spans in found]
        results[name] = {
            "characters_per_second": characters / best[name],
            "recall": evaluate_spans(found).types["ALL"]["recall"],
            "pattern_recall": evaluate_spans(patterns).types["ALL"]["recall"],
            "precision": evaluate_spans(found).types["ALL"]["precision"],
        }
    return results


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--notes", type=int, default=300)
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    try:
        recognise = presidio_recogniser()
    except MissingExtra as error:
        raise SystemExit(str(error)) from None
    finders: dict[str, Finder] = {
        "bedside": find_many,
        "thorough": partial(find_many, thorough=True),
        "presidio": lambda texts: [merge(text, recognise(text)) for text in texts],
    }
    rng = random.Random(47)
    sets = {"templates": [make(rng) for _ in range(chosen.notes)], "presidio_synth_pii dev": shared_sentences()}
    for title, notes in sets.items():
        if not notes:
            continue
        for finder in finders.values():
            finder([notes[0][0]])
        results = measure(notes, finders)
        if chosen.json:
            print(json.dumps({title: results}, default=vars_of))
            continue
        print(f"{title}: {len(notes)} notes")
        for name, figures in results.items():
            speed = figures["characters_per_second"]
            print(f"  {name:9} {speed:10,.0f} characters/s  recall {figures['recall']}  of pattern types "
                  f"{figures['pattern_recall']}  precision {figures['precision']}")  # fmt: skip
        ours, theirs = results["bedside"], results["presidio"]
        print(f"  ratio     {ours['characters_per_second'] / theirs['characters_per_second']:.1f} x the speed, "
              f"{_value(ours) / max(_value(theirs), 1e-9):.2f} x the recall")  # fmt: skip


def _value(figures: dict[str, Any]) -> float:
    return figures["recall"].value if isinstance(figures["recall"], Estimate) else 0.0


def vars_of(value: Any) -> Any:
    """A figure as JSON."""
    from dataclasses import asdict

    return asdict(value)


if __name__ == "__main__":
    main()
