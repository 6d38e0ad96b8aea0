"""What a paper speaks of: findings by the ontology, and what fitted models tag, each with its place and context."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bedside.literature._paper import Paper
from bedside.literature.sentences import sentences

if TYPE_CHECKING:
    from bedside.model.folder import Model
    from bedside.phenotypes.context import Context
    from bedside.phenotypes.reader import Reader
    from bedside.types import Decision

AFFIRMED, NEGATED, UNCERTAIN = "affirmed", "negated", "uncertain"
Place = tuple[int, int]
Ask = Callable[["Model", Sequence[str]], "list[Decision]"]
"""What asks a model of texts, identity removed first: `bedside.advise.advise`."""
_OTHERWISE = frozenset(["regression", "attention", "growth", "progression", "回归", "depression score"])
"""Words of the ontology that mean something else in papers."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of a paper's text that names a thing; `id` is that of a vocabulary, "" where none has it."""

    start: int
    end: int
    text: str
    type: str
    id: str = ""
    label: str = ""
    polarity: str = AFFIRMED
    probability: float = 1.0


def findings(paper: Paper, reader: Reader) -> list[Mention]:
    """The terms of the Human Phenotype Ontology that a paper names, one a place."""
    return [
        Mention(
            one.start,
            one.end,
            paper.text[one.start : one.end],
            "phenotype",
            one.id,
            one.label,
            polarity_of(one.context),
        )
        for one in reader.read(paper.text)
        if paper.text[one.start : one.end].lower() not in _OTHERWISE
    ]


def tagged(papers: Sequence[Paper], model: Model, ask: Ask) -> list[list[Mention]]:
    """What a fitted model tags in each paper, sentence by sentence; identity is removed first, as everywhere."""
    from bedside.phenotypes.context import contexts
    from bedside.types import Advice, Tagging

    asked = [(number, place) for number, paper in enumerate(papers) for place in _places(paper)]
    answers = ask(model, [papers[number].text[start:end] for number, (start, end) in asked])
    found: list[list[Mention]] = [[] for _ in papers]
    for (number, (start, _)), answer in zip(asked, answers, strict=True):
        if not isinstance(answer, Advice) or not isinstance(answer.prediction, Tagging):
            continue
        text = papers[number].text
        spans = [(start + one.start, start + one.end) for one in answer.prediction.entities]
        for one, (first, last), context in zip(answer.prediction.entities, spans, contexts(text, spans), strict=True):
            said = text[first:last]
            polarity = polarity_of(context)
            found[number].append(
                Mention(first, last, said, one.type, polarity=polarity, probability=round(one.probability, 3))
            )
    return found


def related(papers: Sequence[Paper], model: Model, ask: Ask) -> list[list[dict[str, Any]]]:
    """The relations that a fitted model finds in each paper, its entities found by the tagger it is bound to."""
    from bedside.types import Advice, Relating

    asked = [(number, place) for number, paper in enumerate(papers) for place in _places(paper)]
    answers = ask(model, [papers[number].text[start:end] for number, (start, end) in asked])
    found: list[list[dict[str, Any]]] = [[] for _ in papers]
    for (number, place), answer in zip(asked, answers, strict=True):
        if isinstance(answer, Advice) and isinstance(answer.prediction, Relating):
            for one in answer.prediction.relations:
                ends = [Mention(place[0] + end.start, place[0] + end.end, "", end.type) for end in (one.head, one.tail)]
                found[number].append({"ends": ends, "relation": one.type, "place": place, "p": one.probability})
    return found


def polarity_of(context: Context) -> str:
    """What a context makes of a mention: denied, not certain (possible, not yet so, a relative's), or so."""
    if context.negated:
        return NEGATED
    return UNCERTAIN if context.uncertain or context.hypothetical or context.family else AFFIRMED


def _places(paper: Paper) -> list[Place]:
    return [(start, end) for start, end, _ in sentences(paper.text, paper.sections)]
