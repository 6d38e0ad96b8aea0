"""Whether a mention is denied, past, a relative's, only possible or not yet so: triggers with scopes, in two languages.

Sources: Chapman et al. 2001 (NegEx), Harkema et al. 2009 (ConText); scopes of Chinese triggers are our own.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bedside.phenotypes._rules import Found, Rules

Language = Literal["en", "zh"]
_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Context:
    """What is true of a mention beside that it is there; all false: the patient has it now."""

    negated: bool = False
    historical: bool = False
    family: bool = False
    hypothetical: bool = False
    uncertain: bool = False

    def __repr__(self) -> str:
        return f"Context({', '.join(f'{name}=True' for name in self.names())})"

    def names(self) -> list[str]:
        """Those that hold."""
        return [name for name in self.__slots__ if getattr(self, name)]


def contexts(text: str, spans: Iterable[tuple[int, int]], *, lang: Language | None = None) -> list[Context]:
    """The context of each mention (start, end in code points); without `lang`, each sentence's letters decide.

    >>> contexts("母亲有糖尿病，患者无发热。", [(3, 6), (10, 12)])
    [Context(family=True), Context(negated=True)]
    """
    rules = _rules()
    given = lang
    found: dict[int, tuple[Rules, list[Found]]] = {}
    breaks: dict[str, list[tuple[int, int]]] = {}
    answers = []
    for start, end in spans:
        chosen = given or ("zh" if _HAN.search(text[max(0, start - 20) : end + 20]) else "en")
        if chosen not in breaks:
            breaks[chosen] = rules[chosen].sentences(text)
        sentence = _sentence(breaks[chosen], start)
        key = sentence[0]
        if key not in found:
            found[key] = (rules[chosen], rules[chosen].triggers(text, sentence))
        answers.append(_context(found[key][0], found[key][1], text, sentence, (start, end)))
    return answers


def _sentence(sentences: Sequence[tuple[int, int]], at: int) -> tuple[int, int]:
    return sentences[max(0, bisect_right(sentences, (at, 1 << 60)) - 1)]


def _context(
    rules: Rules, triggers: list[Found], text: str, sentence: tuple[int, int], span: tuple[int, int]
) -> Context:
    flags: set[str] = set()
    for trigger in triggers:
        if trigger.reaches(span):
            flags.update(trigger.flags)
    flags |= rules.beside(text, sentence, span)
    context = replace(Context(), **dict.fromkeys(flags, True))
    if context.historical and (context.negated or context.family or context.hypothetical):
        context = replace(context, historical=False)
    if context.uncertain and (context.hypothetical or context.negated):
        context = replace(context, uncertain=False)
    return context


def _rules() -> dict[str, Rules]:
    from bedside.phenotypes._context_en import ENGLISH
    from bedside.phenotypes._context_zh import CHINESE

    return {"en": ENGLISH, "zh": CHINESE}
