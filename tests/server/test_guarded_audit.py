"""The audit line says which rules guards found to hold of the answers, and how often; never what was said."""

from __future__ import annotations

from typing import Any

from bedside.types import Abstained, Advice, Prediction

LABEL = Prediction(label="benign", probabilities={"benign": 0.9, "malignant": 0.1})


def test_rules_are_counted_over_the_texts_of_a_request(open_desk: Any) -> None:
    def advise(texts: Any, given: Any, removed: Any) -> list[Any]:
        held = Abstained("held back: a name in the proposal", guards=("identity.name", "respect.blame"))
        return [Advice(prediction=LABEL, guards=("respect.blame",)) if text == "fine" else held for text in texts]

    with open_desk(advise) as desk:
        desk.ask({"texts": ["fine", "Mary O'Connor"]})
        *_, line = desk.lines()
    assert line["guards"] == {"identity.name": 1, "respect.blame": 2}
    assert "Mary" not in str(line)


def test_an_answer_without_findings_has_no_such_part(open_desk: Any) -> None:
    def advise(texts: Any, given: Any, removed: Any) -> list[Any]:
        return [Advice(prediction=LABEL) for _ in texts]

    with open_desk(advise) as desk:
        desk.ask({"text": "fine"})
        assert "guards" not in desk.lines()[-1]
