"""Whether a mention is denied, past, a relative's, only possible or not yet so: cues with scopes, in two languages.

The cues are data (data/context_en.toml, data/context_zh.toml), each with sentences in which it holds and does not.
Sources: Chapman et al. 2001 (NegEx), Harkema et al. 2009 (ConText); scopes of Chinese cues are our own.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from bedside.phenotypes._cues import rules
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
    texts: dict[str, _Text] = {}
    answers = []
    for start, end in spans:
        chosen = lang or ("zh" if _HAN.search(text[max(0, start - 20) : end + 20]) else "en")
        if chosen not in texts:
            texts[chosen] = _Text(text, rules(chosen))
        answers.append(texts[chosen].context((start, end)))
    return answers


class _Text:
    """A text read in one language: its sentences and sections, and the cues of the sentences that were asked for."""

    def __init__(self, text: str, said: Rules) -> None:
        self._text, self._rules = text, said
        self._sentences, self._sections = said.sentences(text), said.sections(text)
        self._cues: dict[int, list[Found]] = {}

    def context(self, span: tuple[int, int]) -> Context:
        """What is said of one mention."""
        sentence = self._sentences[max(0, bisect_right(self._sentences, (span[0], 1 << 60)) - 1)]
        if sentence[0] not in self._cues:
            self._cues[sentence[0]] = self._rules.cues(self._text, sentence)
        flags = self._rules.beside(self._text, sentence, span)
        for one in (*self._sections, *self._cues[sentence[0]]):
            if one.reaches(span):
                flags.update(one.says)
        return _settled(flags)


def _settled(flags: set[str]) -> Context:
    """What remains where two things were said: a denial is neither possible nor past, a relative's is not past."""
    context = replace(Context(), **dict.fromkeys(flags, True))
    if context.historical and (context.negated or context.family or context.hypothetical):
        context = replace(context, historical=False)
    if context.uncertain and (context.hypothetical or context.negated):
        context = replace(context, uncertain=False)
    return context
