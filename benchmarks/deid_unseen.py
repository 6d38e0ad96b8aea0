"""Recall and precision of de-identification on invented notes that no rule and no weight was tuned on.

    python benchmarks/deid_unseen.py [thorough]

The notes (`benchmarks/deid_notes/`) were written by people who had not read the rules, as the charts of real hospitals
read; four in ten hold no identity but many decoys. The rules and the weights were settled without them. After the first
run (docs/benchmarks.md) one threshold and some eponyms were settled with the English notes in view. Whoever tunes on
them further must move them to what the tagger learns from (`tools/tagger/notes/`) and have others written.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bedside.deid import find_many
from bedside.deid._evaluate import ALL, evaluate_spans

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests" / "deid"))

from _marked import read_notes  # noqa: E402

NAMED = ("NAME", "STAFF", "ID")


def main() -> None:
    """Print one table a language."""
    thorough = "thorough" in sys.argv[1:]
    for language in ("en", "zh"):
        notes = list(read_notes(HERE / "deid_notes" / f"{language}.txt"))
        spans = find_many([note.text for note in notes], thorough=thorough)
        found = [(note.text, note.spans, some) for note, some in zip(notes, spans, strict=True)]
        done = evaluate_spans(found)
        named = evaluate_spans([(text, [s for s in marked if s.type in NAMED], spans) for text, marked, spans in found])
        print(f"{language}: {len(notes)} notes; without identity and unchanged {done.untouched}")
        print(f"  names and identifiers  recall {named.types[ALL]['recall']}")
        for kind in (ALL, *(kind for kind in done.types if kind != ALL)):
            figures = done.types[kind]
            print(f"  {kind:22} recall {figures['recall']}  precision {figures['precision']}")


if __name__ == "__main__":
    main()
