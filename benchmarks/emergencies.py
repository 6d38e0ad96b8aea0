"""Emergencies recognised when told in new words, and false alarms on look-alikes and others' questions.

    python benchmarks/emergencies.py

`data/emergencies/`: emergencies and harmless look-alikes (past, denied, general, conditional). What was read first is
told in docs/consultation-safety.md; all but `fifth_*`, `eleventh_*`, `fifteenth_*`, `seventeenth_*` and `nineteenth_*`
have since been fitted or mended on. `ninth_*`, `letters_*`, `eighteenth_*` and `nineteenth_*` are by writers who knew
nothing of this program; the others are ours. Every row is read as a message, as the guard is asked about a question.
MedQuAD's dev questions (English, general) and toyhom's (Chinese, of patients: some do need care the same day) need
`../shared/data`. By wordings alone, then with the ear for other words. Wilson's 95 % intervals.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scipy.stats import binomtest

from bedside.emergency import emergencies
from bedside.emergency.alarm import ENCODER, Encoder
from bedside.model.embedder import open_encoder

HERE = Path(__file__).resolve().parent / "data" / "emergencies"
ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
COLUMNS = {"medquad": ("question",), "toyhom_im_dialogue_zh": ("title", "question")}


def main() -> None:
    """Print a line a set and way."""
    for way, encoder in (("wordings", None), ("wordings and ear", open_encoder(ENCODER))):
        for path in sorted(HERE.glob("*.tsv")):
            lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
            lang = path.stem[-2:]
            for sign, what in (("+", "recognised"), ("-", "false alarms")):
                if texts := [text for one, text in lines if one == sign]:
                    print(f"{way}: {path.stem} {what} {_share(texts, lang, encoder)}")
        for name in COLUMNS:
            if DATA.is_dir():
                print(f"{way}: {name} false alarms {_share(questions(name, 'dev'), None, encoder)}")


def questions(name: str, part: str) -> list[str]:
    """The questions of one part of a public set."""
    lines = (DATA / name / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()
    rows: list[dict[str, Any]] = [json.loads(line) for line in lines]
    return ["\n".join(str(row[one]) for one in COLUMNS[name]) for row in rows]


def _share(texts: Sequence[str], lang: str | None, encoder: Encoder | None) -> str:
    found = sum(bool(emergencies(text, lang, encoder=encoder)) for text in texts)
    sure = binomtest(found, len(texts)).proportion_ci(method="wilson")
    return f"{found} of {len(texts)}, {found / len(texts):.3f} [{sure.low:.3f}, {sure.high:.3f}]"


if __name__ == "__main__":
    main()
