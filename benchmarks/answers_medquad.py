"""A set for `answer` out of MedQuAD: which of the sentences on a topic answers this question, or does none?

    python benchmarks/answers_medquad.py OUT

MedQuAD has no marked answers. Here a question's answer is the opening sentence of its own section; the text to look in
is that sentence shuffled among the opening sentences of up to five other sections of the same topic, and in a third of
the rows it is left out (no answer). Sentences are the sources' own words; that they follow one another is ours, and an
opening sentence does not always answer the question. It measures finding a sentence, not the short spans of SQuAD.
Topics are the patients: none is in two parts. Test is the whole `dev` part of the set; train and dev are from `train`.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "medquad"
SHORTEST, LONGEST, OTHERS = 40, 350, 5
PARTS = (("train", "train", 700, 1), ("dev", "train", 200, 2), ("test", "dev", 10_000, 3))
"""Part, the file it is from, rows at least, seed."""


def opening(text: str) -> str:
    """The first sentence, of 40 characters or more."""
    text = re.sub(r"\s+", " ", text).strip()
    ends = (match.end() for match in re.finditer(r"\.(?=\s+[A-Z])|$", text))
    return next((text[:end] for end in ends if end >= SHORTEST), text)


def topics(file: str) -> dict[str, dict[str, str]]:
    """The question and opening sentence of each section of each topic, no sentence twice."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    with (DATA / f"{file}.jsonl").open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            sentence = opening(row["answer"])
            if SHORTEST <= len(sentence) <= LONGEST and "Key Points" not in sentence:
                found[row["focus"]].setdefault(row["question"], sentence)
    return {topic: _different(sections) for topic, sections in found.items()}


def _different(sections: dict[str, str]) -> dict[str, str]:
    kept: dict[str, str] = {}
    for question, sentence in sections.items():
        if sentence not in kept.values():
            kept[question] = sentence
    return kept


def asked(topic: str, sections: dict[str, str], dice: random.Random) -> Iterator[dict[str, Any]]:
    """A row a section."""
    for question, sentence in sections.items():
        others = [one for one in sections.values() if one != sentence]
        dice.shuffle(others)
        there = dice.random() < 2 / 3
        shown = others[:OTHERS] + ([sentence] if there else [])
        dice.shuffle(shown)
        context = " ".join(shown)
        answers = {"text": [sentence], "answer_start": [context.index(sentence)]} if there else {}
        row = {"patient": topic, "question": question, "context": context}
        yield {**row, "answers": answers or {"text": [], "answer_start": []}, "sentences": len(shown)}


def rows_of(part: str, file: str, least: int, seed: int) -> list[dict[str, Any]]:
    """Whole topics in seeded order until there are enough rows."""
    dice = random.Random(seed)
    rows: dict[str, list[dict[str, Any]]] = {}
    for topic, sections in sorted(topics(file).items()):
        held = int(hashlib.md5(topic.encode(), usedforsecurity=False).hexdigest(), 16) % 4 == 0
        if len(sections) >= 3 and (part == "test" or held == (part == "dev")):
            rows[topic] = list(asked(topic, sections, dice))
    order = sorted(rows)
    dice.shuffle(order)
    found: list[dict[str, Any]] = []
    for topic in order:
        if len(found) < least:
            found += rows[topic]
    return found


def main(out: Path) -> None:
    """Write the parts."""
    out.mkdir(parents=True, exist_ok=True)
    for part, file, least, seed in PARTS:
        rows = rows_of(part, file, least, seed)
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (out / f"{part}.jsonl").write_text(text, encoding="utf-8")
        number, has = len({row["patient"] for row in rows}), sum(bool(row["answers"]["text"]) for row in rows)
        print(f"{part}: {len(rows)} rows of {number} topics, {has} with an answer")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
