"""What the readers and guards make of material whose writers know nothing of them: one table a language.

    python benchmarks/other_hands.py [en|zh] [second|third|fourth]

Identity is read twice: by rules and tagger, and by the encoder as well (`thorough`).

`data/other_hands/<lang>`: invented notes with identity marked and clean ones, charts with true and false sentences,
messages of patients, marked mentions, stories with their HPO terms, and proposals with the verdict they should get. Two
writers, one a language, wrote them in many voices, without having seen a rule, a list or a test. First readings are in
docs/benchmarks.md. Since then the first halves (13 stories, 30 + 30 messages, half of the mentions and of proposals)
have been open to those who mend, and six more of the Chinese stories; lines called `closed` are of the others.
`data/other_hands/second/<lang>`: notes, messages and stories by three further writers, meant to be hard; all of
them are closed to those who mend. `third`: notes alone, half of them ordinary and half hard, by two more. `fourth`:
notes alone of ordinary kinds, by three more. Wilson's 95 % intervals; `trivial` says what an answer that is always the
same would get.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from scipy.stats import binomtest

from bedside.commands._guard.rows import judged, proposed
from bedside.deid import find_many
from bedside.deid._evaluate import ALL, evaluate_spans
from bedside.facts.of_json import facts_from_json
from bedside.grounding import Ground
from bedside.grounding.reader import default_reader
from bedside.guards.emergencies import GUARD as EMERGENCIES
from bedside.knowledge.hpo import Hpo, open_hpo
from bedside.phenotypes.context import contexts
from bedside.phenotypes.reader import Reader
from bedside.types import Proposal

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests" / "deid"))

from _marked import Note, read_notes  # noqa: E402

FLAGS = ("negated", "historical", "family", "hypothetical", "uncertain")
NAMED = ("NAME", "STAFF", "ID")
SECOND, NOTES_ALONE = "second", ("third", "fourth")
OPEN_STORIES = {"en": 13, "zh": 19}
OPEN_MESSAGES = 30


def main() -> None:
    """Print the lines of each language."""
    asked = sys.argv[1:]
    later = next((one for one in asked if one in (SECOND, *NOTES_ALONE)), None)
    for lang in [one for one in asked if one != later] or ["en", "zh"]:
        place = f"{later}/{lang}" if later else lang
        for line in lines_of(place, lang, later):
            print(f"{place} {line}")


def lines_of(place: str, lang: str, later: str | None) -> Iterator[str]:
    """What a set has material for."""
    yield from identity(place)
    if later not in NOTES_ALONE:
        yield from (*messages(place), *stories(place, open_hpo()))
    if later is None:
        yield from (*grounding(lang), *mentions(lang), *proposals(lang))


def rows(place: str, name: str) -> list[dict[str, Any]]:
    """The rows of one file."""
    text = (HERE / "data" / "other_hands" / place / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def parts(place: str, opened: int) -> list[tuple[str, int]]:
    """Names of the parts that are told, and the first row of each; of the second set all is closed."""
    return [("closed", 0)] if place.startswith(SECOND) else [("all", 0), ("closed", opened)]


def share(hits: Sequence[bool]) -> str:
    """How many, with the interval."""
    sure = binomtest(sum(hits), len(hits)).proportion_ci(method="wilson")
    return f"{sum(hits)}/{len(hits)} {sum(hits) / len(hits):.3f} [{sure.low:.3f}, {sure.high:.3f}]"


def identity(place: str) -> list[str]:
    """Every character of a mention must go; a find is right if half of it is marked."""
    notes = list(read_notes(HERE / "data" / "other_hands" / place / "deid.txt"))
    return [line for thorough in (False, True) for line in read_identity(notes, thorough=thorough)]


def read_identity(notes: Sequence[Note], *, thorough: bool) -> list[str]:
    """The lines of one reading."""
    spans = find_many([one.text for one in notes], thorough=thorough)
    found = [(one.text, one.spans, some) for one, some in zip(notes, spans, strict=True)]
    done = evaluate_spans(found)
    named = evaluate_spans([(text, [one for one in marked if one.type in NAMED], some) for text, marked, some in found])
    figures, name = done.types[ALL], "identity, thorough" if thorough else "identity"
    return [
        f"{name}: recall {figures['recall']}, precision {figures['precision']}, clean notes {done.untouched}",
        f"names and identifiers: recall {named.types[ALL]['recall']}; trivial: recall 0, clean notes 1",
    ]


def grounding(lang: str) -> list[str]:
    """False sentences found, true ones kept."""
    reader, found, kept = default_reader(), list[bool](), list[bool]()
    for row in rows(lang, "grounding"):
        told = Ground(row["chart_text"], row["lang"], reader).ground_all(row["generated"])
        for one, true in zip(told, row["expected"], strict=True):
            (kept if true else found).append(one.supported is true)
    return [f"grounding: found {share(found)}, kept {share(kept)}; trivial (all supported): found 0, kept 1"]


def messages(place: str) -> list[str]:
    """Emergencies recognised, and alarms at what is near to one."""
    lines = []
    every = rows(place, "emergency")
    urgent, near = ([one for one in every if one["emergency"] is kind] for kind in (True, False))
    for name, first in parts(place, OPEN_MESSAGES):
        told = [share([_alarms(one) for one in some[first:]]) for some in (urgent, near)]
        lines.append(f"emergencies, {name}: recognised {told[0]}, alarms at look-alikes {told[1]}; trivial: 1 and 1")
    return lines


def _alarms(row: dict[str, Any]) -> bool:
    asked = Proposal(text="", question=row["text"], lang=row["lang"])
    return any(one.asks == "emergency" for one in EMERGENCIES.check(asked))


def mentions(lang: str) -> list[str]:
    """All five parts of a mention's context right together; nothing said of any as the trivial answer."""
    every, lines = rows(lang, "context"), []
    for name, some in (("all", every), ("closed", every[len(every) // 2 :])):
        said = [contexts(one["text"], [(one["start"], one["end"])], lang=one["lang"])[0] for one in some]
        right = [all(getattr(told, flag) == one[flag] for flag in FLAGS) for told, one in zip(said, some, strict=True)]
        silent = sum(not any(one[flag] for flag in FLAGS) for one in some) / len(some)
        lines.append(f"contexts, {name}: {share(right)}; trivial {silent:.3f}")
    return lines


def stories(place: str, hpo: Hpo) -> list[str]:
    """F1 of the terms that are present; a parent or a child of the right term counts half."""
    every, reader, lines = rows(place, "phenotype"), Reader(hpo), []
    for name, first in parts(place, OPEN_STORIES.get(place, 0)):
        some = every[first:]
        hits, told, asked = 0.0, 0, 0
        for row in some:
            found = {one.id for one in reader.read(row["text"]) if one.present}
            hits += _hits(set(row["present"]), found, hpo)
            told, asked = told + len(found), asked + len(row["present"])
        figures = f"precision {hits / told:.3f}, recall {hits / asked:.3f}, F1 {2 * hits / (told + asked):.3f}"
        lines.append(f"stories, {name}, n {len(some)}, {asked} terms: {figures}; trivial (nothing read): F1 0")
    return lines


def _hits(right: set[str], found: set[str], hpo: Hpo) -> float:
    same = right & found
    left = found - same
    hits = float(len(same))
    for id in sorted(right - same):
        near = next((other for other in sorted(left) if _parent(id, other, hpo) or _parent(other, id, hpo)), None)
        if near is not None:
            left.discard(near)
            hits += 0.5
    return hits


def _parent(one: str, other: str, hpo: Hpo) -> bool:
    return one in hpo.number and other in hpo.number and hpo.number[other] in hpo.parents(hpo.number[one]).tolist()


def proposals(lang: str) -> list[str]:
    """Dangerous proposals at least warned of, harmless ones let pass."""
    every, lines = rows(lang, "guard"), []
    for name, some in (("all", every), ("closed", every[len(every) // 2 :])):
        verdicts = [judged(proposed(one["proposal"], one["lang"], facts_from_json(one["chart"])[0])) for one in some]
        pairs = [(told.outcome, one["expected"]) for told, one in zip(verdicts, some, strict=True)]
        exact, warned = (
            share([hit(told, wish) for told, wish in pairs if wish != "allow"])
            for hit in (lambda told, wish: told == wish, lambda told, wish: told != "allow")
        )
        alarms = share([told != "allow" for told, wish in pairs if wish == "allow"])
        lines.append(
            f"guard, {name}: exact {exact}, at least warned {warned}, false alarms {alarms}; trivial: 0, 0 and 0"
        )
    return lines


if __name__ == "__main__":
    main()
