"""What a server remembers of texts is bounded: a cache without a bound is for words of our own files alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bedside.recent import Recent

SRC = Path(__file__).parents[1] / "src" / "bedside"
OURS = {
    "backbones/_trim.py": {"_script"},  # of characters
    "consult/focus.py": {"_stop"},
    "consult/weigh.py": {"_weights", "threshold"},  # of kinds of question
    "deid/patterns/anchors.py": {"_admits_any"},  # of places of our patterns, as those of deid below
    "deid/_find.py": {"_recogniser"},  # of a language
    "deid/encoder/layers.py": {"_takes_halves"},  # of the shapes of a layer's maps, and numbers of threads
    "deid/patterns/needs.py": {"_may_be", "_place_weight"},
    "deid/no_identity/goods.py": {"_after"},
    "deid/recognisers/names/zh_cues.py": {"_cues", "_table"},
    "deid/lexicon/chinese.py": {"read_table"},
    "graph/structure.py": {"_compiled"},
    "grounding/_apart.py": {"_words", "_read"},  # of tables
    "grounding/_figures.py": {"_pattern"},
    "guards/_phrases.py": {"phrases"},  # of tables
    "heads/_tags.py": {"_barred"},
    "model/embedder.py": {"_shared"},  # of encoders that are installed
    "model/few_threads.py": {"_threads"},
    "model/forms/__init__.py": {"form_of"},  # of heads
    "model/writing/licence_names.py": {"_found", "_latin", "_ordinary"},  # of the names of a vocabulary
    "phenotypes/_cues.py": {"read_cues", "rules"},  # of a language
    "phenotypes/_numbers.py": {"_pattern"},  # of a table's rows
    "phenotypes/_told.py": {"_stems"},  # of a table's rows
    "registry.py": {"load"},
    "rules/_allergies.py": {"_pattern"},
    "rules/_stance.py": {"_whole", "_before", "_behind"},
    "rules/_vocabulary.py": {"ids_of"},
    "rules/statements.py": {"statements"},
    "tasks/_disease_nearest.py": {"opened"},  # of encoders
    "trials/criteria/__init__.py": {"reader"},  # of folders
}
"""Functions of which everything is kept: whatever they are asked, it comes from files of ours, not from a caller."""


@dataclass(frozen=True)
class _Rule:
    """A pattern that needs one thing."""

    needs: int


def unbounded(source: str) -> Iterator[str]:
    """Functions with arguments whose every answer is kept."""
    for part in ast.walk(ast.parse(source)):
        if isinstance(part, ast.FunctionDef) and any(map(_keeps_all, part.decorator_list)):
            yield from [part.name] if [*part.args.args, *part.args.posonlyargs, *part.args.kwonlyargs] else []


def _keeps_all(decorator: ast.expr) -> bool:
    said = ast.unparse(decorator).removeprefix("functools.")
    return said == "cache" or (said.startswith("lru_cache") and "maxsize=None" in said.replace(" ", ""))


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("@cache\ndef f(text): ...", ["f"]),
        ("@lru_cache(maxsize=None)\ndef f(*, text): ...", ["f"]),
        ("@functools.cache\ndef f(text): ...", ["f"]),
        ("@lru_cache(maxsize=4096)\ndef f(text): ...", []),
        ("@cache\ndef f(): ...", []),
    ],
)
def test_the_search_finds_what_keeps_all_it_was_ever_asked(source: str, found: list[str]) -> None:
    assert list(unbounded(source)) == found


def test_every_cache_of_what_a_caller_may_say_has_a_bound() -> None:
    found = {
        str(path.relative_to(SRC)): names
        for path in SRC.rglob("*.py")
        if (names := set(unbounded(path.read_text(encoding="utf-8"))))
    }
    assert found == OURS


def test_what_was_worked_out_lately_stays_within_its_bound_and_the_oldest_goes_first() -> None:
    lately = Recent[int](most=10, seconds=60)
    for number in range(1000):
        lately.of(f"text {number}", lambda number=number: number)  # type: ignore[misc]
        assert len(lately) <= 10
    assert lately.of("text 999", lambda: -1) == 999
    assert lately.of("text 0", lambda: -1) == -1


def test_a_state_of_the_survey_keeps_a_bounded_number_of_answers_and_they_stay_right() -> None:
    from bedside.deid.patterns.automaton import MOST_ASKED, State

    state = State(frozenset(), frozenset(_Rule(1 << bit) for bit in range(12)), 0)
    for missing in range(4096):
        possible = state.possible(missing)
        assert {rule.needs for rule in possible} == {1 << bit for bit in range(12) if not missing >> bit & 1}
        assert len(state._possible) <= MOST_ASKED
