"""False alarms: how many general and patients' questions raise a red flag, and which.

    python benchmarks/emergencies.py

MedQuAD's dev questions (English, general) and toyhom's (Chinese, of patients: some do need care the same day). Wilson's
95 % interval. Recall cannot be measured here: no public set marks emergencies. Needs `../shared/data`.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from scipy.stats import binomtest

from bedside.emergency import emergencies

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"
SETS = (("medquad", ("question",)), ("toyhom_im_dialogue_zh", ("title", "question")))


def main() -> None:
    """Print a line a set."""
    for name, columns in SETS:
        lines = (DATA / name / "dev.jsonl").read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines]
        found = [emergencies("\n".join(str(row[one]) for one in columns)) for row in rows]
        fired = sum(map(bool, found))
        sure = binomtest(fired, len(rows)).proportion_ci(method="wilson")
        print(f"{name}: {fired} of {len(rows)}, {fired / len(rows):.3f} [{sure.low:.3f}, {sure.high:.3f}]")
        for id, times in Counter(one.id for flags in found for one in flags).most_common():
            print(f"  {times:3} {id}")


if __name__ == "__main__":
    main()
