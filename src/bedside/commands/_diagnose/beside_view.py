"""In the terminal, what stands beside the ranking: the other engines, what is fused, and the tests to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bedside.commands._io import say, table
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.knowledge._ranker import Ranker
    from bedside.tasks._diagnosis.aside import FusedAnswer, LocalAnswer
    from bedside.tasks._diagnosis.told import Told
    from bedside.tasks._diagnosis.written import MixedAnswer, WrittenAnswer

SHOWN = 5


def say_local(answer: LocalAnswer) -> None:
    """What a model fitted on the clinic's own charts answers."""
    from bedside.tasks._diagnosis.words import chance, silence

    say()
    if why := silence(answer):
        say(tr(f"Local model {answer.name}: ", f"本地模型 {answer.name}：") + why)
        return
    rows = [(n, label, chance(p)) for n, (label, p) in enumerate(answer.chances[:SHOWN], 1)]
    head = ("#", tr("label", "标签"), tr("chance", "概率"))
    table(tr(f"Local model {answer.name} (its own labels)", f"本地模型 {answer.name}（其自身标签）"), head, rows)
    for limit in answer.limits:
        say(limit)


def say_fused(answer: FusedAnswer) -> None:
    """The two as one, or why not."""
    from bedside.tasks._diagnosis.words import chance, fused_said

    if not answer.labels:
        say(tr("Fused: ", "融合：") + answer.abstained)
        return
    rows = [
        (n, one.label, chance(one.probability), "; ".join(id for id, _, _ in one.diseases))
        for n, one in enumerate(answer.labels[:SHOWN], 1)
    ]
    head = ("#", tr("label", "标签"), tr("chance", "概率"), tr("diseases behind it", "对应疾病"))
    said = fused_said(answer)
    table(tr(f"Both fused ({said})", f"两者融合（{said}）"), head, rows)


def say_written(answer: WrittenAnswer, mixed: MixedAnswer | None) -> None:
    """A list that a language model wrote, apart from the ranking, and the two as one where a weight was fitted."""
    from bedside.tasks._diagnosis.words import behind_said, mixed_said, places_said, written_notes, written_title

    say()
    if answer.matched:
        rows = [(n, one.name, behind_said(one)) for n, one in enumerate(answer.listed, 1) if one.diseases]
        head = ("#", tr("as written", "所写名称"), tr("linked to", "对应疾病"))
        table(written_title(answer), head, rows)
    else:
        say(written_title(answer))
    for line in written_notes(answer, mixed):
        say(line)
    if mixed is not None:
        places = [(n, one.id, one.label, places_said(one)) for n, one in enumerate(mixed.ranking, 1)]
        columns = ("#", "id", tr("disease", "疾病"), tr("places", "名次"))
        table(tr("Fused: ", "融合：") + mixed_said(mixed), columns, places)


def say_workup(ranker: Ranker, told: Told) -> None:
    """The tests that would separate the diseases at the top."""
    from bedside.phenotypes.called import Called
    from bedside.tasks._diagnosis.words import classes_said, gain_said, looked_for

    if not told.aside.tests:
        return
    called = Called(ranker.hpo)
    say(tr("Tests that would separate them (expected gain in bits):", "有助于鉴别的检查（预期信息增益，比特）："))
    for one in told.aside.tests:
        classes = tr(", ", "，").join(classes_said(one.test))
        what = looked_for(one, called)
        say(f"  {gain_said(one):>6} {tr(*one.test.name)} [{classes}]{tr(': ', '：')}{what}")
