"""What models tag and relate in papers, and edges with their polarity, in contrasting pairs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from bedside.literature._paper import Paper
from bedside.literature.edges import edges_by_model, edges_by_words
from bedside.literature.mentions import Mention, related, tagged
from bedside.literature.roles import Role
from bedside.types import Advice, Entity, Failed, Relating, Relation, Tagging

WORDS = {
    "colchicine": "drug",
    "gout": "disease",
    "diarrhoea": "disease",
    "秋水仙碱": "drug",
    "痛风": "disease",
    "腹泻": "disease",
}


def _entities(text: str) -> tuple[Entity, ...]:
    return tuple(
        sorted(
            Entity(text.find(word), text.find(word) + len(word), kind) for word, kind in WORDS.items() if word in text
        )
    )


def tags(_: Any, texts: Sequence[str]) -> list[Any]:
    """A model that knows six words, and fails on a text that holds a seventh."""
    return [Failed(error_id="1") if "fails" in text else Advice(prediction=Tagging(_entities(text))) for text in texts]


def relates(_: Any, texts: Sequence[str]) -> list[Any]:
    """A model that says of any two of them that the first treats the second."""
    answers = []
    for text in texts:
        found = _entities(text)
        pairs = (Relation(found[0], found[1], "treats", 0.9),) if len(found) > 1 else ()
        answers.append(Advice(prediction=Relating(pairs)))
    return answers


def test_places_of_a_model_are_those_of_the_whole_text() -> None:
    papers = [
        Paper(id="1", title="", text="It fails here. Then colchicine eased gout."),
        Paper(id="2", title="", text="秋水仙碱治疗痛风。"),
    ]
    for paper, found in zip(papers, tagged(papers, None, tags), strict=True):  # type: ignore[arg-type]
        assert [paper.text[one.start : one.end] for one in found] == [one.text for one in found]
    assert [one.text for one in tagged(papers, None, tags)[0]] == ["colchicine", "gout"]  # type: ignore[arg-type]


def test_relations_of_a_model_become_edges_with_their_passage() -> None:
    paper = Paper(id="7", title="", text="Background. Then colchicine eased gout.", year=2020)
    (edge,) = edges_by_model(paper, related([paper], None, relates)[0])  # type: ignore[arg-type]
    assert (edge["head"], edge["relation"], edge["tail"]) == ("colchicine", "treats", "gout")
    assert (edge["passage"], edge["year"], edge["polarity"], edge["probability"]) == ("7#12-39", 2020, "affirmed", 0.9)


@pytest.mark.parametrize(
    ("text", "relation", "polarity"),
    [
        ("colchicine causes diarrhoea.", "causes", "affirmed"),
        ("There is no evidence that colchicine causes diarrhoea.", "causes", "negated"),
        ("colchicine may cause diarrhoea.", "causes", "uncertain"),
        ("colchicine was used for the treatment of gout.", "treats", "affirmed"),
        ("gout was not associated with diarrhoea.", "associated_with", "negated"),
        ("秋水仙碱可缓解痛风。", "treats", "affirmed"),
        ("秋水仙碱导致腹泻。", "causes", "affirmed"),
        ("秋水仙碱可能导致腹泻。", "causes", "uncertain"),
        ("未发现秋水仙碱导致腹泻。", "causes", "negated"),
    ],
)
def test_an_edge_says_whether_it_is_so_denied_or_in_doubt(text: str, relation: str, polarity: str) -> None:
    paper = Paper(id="1", title="", text=text)
    mentions = [Mention(one.start, one.end, text[one.start : one.end], one.type) for one in _entities(text)]
    (edge,) = edges_by_words(paper, [Role(0, len(text), "results")], mentions)
    assert (edge["relation"], edge["polarity"]) == (relation, polarity)


def test_what_caused_it_is_the_head_however_the_sentence_is_turned() -> None:
    text = "diarrhoea was caused by colchicine."
    mentions = [Mention(one.start, one.end, text[one.start : one.end], one.type) for one in _entities(text)]
    (edge,) = edges_by_words(Paper(id="1", title="", text=text), [Role(0, len(text), "results")], mentions)
    assert (edge["head"], edge["tail"]) == ("colchicine", "diarrhoea")


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("We asked whether colchicine causes diarrhoea.", "objective"),  # an aim claims nothing
        ("colchicine, gout and diarrhoea were common.", "results"),
        ("gout eased, but causes of diarrhoea were many.", "results"),  # another clause
    ],
)
def test_an_aim_a_list_and_another_clause_make_no_edge(text: str, role: str) -> None:
    mentions = [Mention(one.start, one.end, text[one.start : one.end], one.type) for one in _entities(text)]
    assert list(edges_by_words(Paper(id="1", title="", text=text), [Role(0, len(text), role)], mentions)) == []
