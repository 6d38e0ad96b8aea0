"""Every cue of context stands with sentences in which it is heard and others in which it is not: all are read here."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bedside.phenotypes import Context, contexts
from bedside.phenotypes._cues import read_cues

KINDS = ("cue", "section", "beside")
CUES = [
    pytest.param(lang, one, id=f"{lang}-{kind}-{one.get('name') or '+'.join(one['says'])}-{n}")
    for lang in ("en", "zh")
    for kind in KINDS
    for n, one in enumerate(read_cues(lang)[kind])
]


def plain(line: str) -> tuple[str, list[tuple[int, int]]]:
    """A line with `[mention]` as text and places."""
    text, spans, at = "", [], 0
    for match in re.finditer(r"\[([^\]]*)\]", line):
        text += line[at : match.start()]
        spans.append((len(text), len(text) + len(match[1])))
        text, at = text + match[1], match.end()
    return text + line[at:], spans


def heard(line: str, lang: Any, skip: list[str]) -> list[set[str]]:
    """What is said of each mention that is not to be skipped."""
    text, spans = plain(line)
    spans = [span for span in spans if text[slice(*span)] not in skip]
    assert spans
    return [set(context.names()) for context in contexts(text, spans, lang=lang)]


@pytest.mark.parametrize(("lang", "cue"), CUES)
def test_a_cue_is_heard_where_it_holds_and_nowhere_else(lang: str, cue: dict[str, Any]) -> None:
    says = set([cue["says"]] if isinstance(cue["says"], str) else cue["says"])
    skip = cue.get("skip", [])
    for line in cue["yes"]:
        for found in heard(line, lang, skip):
            assert says <= found if says else not found, line
    for line in cue["no"]:
        for found in heard(line, lang, skip):
            assert not says <= found if says else found, line


@pytest.mark.parametrize(("lang", "cue"), [one for one in CUES if one.values[1]["says"]])
def test_a_cue_that_says_something_has_sentences_of_both_kinds(lang: str, cue: dict[str, Any]) -> None:
    assert cue["yes"]
    assert cue["no"]
    assert set([cue["says"]] if isinstance(cue["says"], str) else cue["says"]) <= set(Context.__slots__)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_end_or_part_that_is_named_is_there(lang: str) -> None:
    told = read_cues(lang)
    known = {*told["parts"], *told["ends"], "headings"}
    assert set(re.findall(r"\{([a-z]\w*)\}", str(told))) <= known
