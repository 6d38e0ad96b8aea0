"""What each sentence of a paper is for: background, objective, methods, results or conclusions."""

from __future__ import annotations

from dataclasses import dataclass

from bedside.literature._headings import ROLES, role_of
from bedside.literature._paper import Paper
from bedside.literature._role_features import AIM
from bedside.literature._role_model import judged
from bedside.literature.sentences import sentences

__all__ = ["ROLES", "Role", "roles_of"]


@dataclass(frozen=True, slots=True)
class Role:
    """A sentence with its role: code points in the paper's text; `by` is "heading", "aim" (one stated under the
    heading of the background) or "model", and how sure that is.
    """

    start: int
    end: int
    role: str
    by: str = "heading"
    probability: float = 1.0


def roles_of(paper: Paper) -> list[Role]:
    """The sentences of a paper in order; the model judges runs that stand under no heading that tells the role.

    >>> from bedside.literature._paper import Section
    >>> parts = (Section(0, 13, "METHODS"), Section(14, 30, "RESULTS"))
    >>> paper = Paper(id="1", title="", text="Men got ice... Pain eased fast", sections=parts)
    >>> [one.role for one in roles_of(paper)]
    ['methods', 'results']
    """
    found: list[Role] = []
    run: list[tuple[int, int]] = []
    for start, end, heading in sentences(paper.text, paper.sections):
        if role := role_of(heading):
            found += _judged(paper.text, run)
            run = []
            aim = role == "background" and AIM.search(paper.text, start, end)
            found.append(Role(start, end, "objective", "aim") if aim else Role(start, end, role))
        else:
            run.append((start, end))
    return found + _judged(paper.text, run)


def _judged(text: str, run: list[tuple[int, int]]) -> list[Role]:
    said = judged([text[start:end] for start, end in run])
    return [
        Role(start, end, role, "model", round(chance, 3))
        for (start, end), (role, chance) in zip(run, said, strict=True)
    ]
