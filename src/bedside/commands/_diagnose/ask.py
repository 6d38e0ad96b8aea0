"""`bedside diagnose --ask`: puts one question at a time, hears the answer, and shows what it changed.

Questions go to the terminal, or come from a pipe a line an answer; with `--json` everything but the result is said on
stderr. The end of the input, Ctrl-C or "stop" end it with the answers so far.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from bedside.commands._diagnose.view import as_told
from bedside.commands._io import say
from bedside.files import whole_file
from bedside.knowledge._ranker import Ranker
from bedside.knowledge.hpo import Hpo
from bedside.lang import tr
from bedside.phenotypes.called import Called
from bedside.tasks._diagnosis.case import DiagnosisCase
from bedside.tasks._diagnosis.interview import Interview, Question
from bedside.tasks._diagnosis.told import Told
from bedside.tasks._diagnosis.words import answer_said, chance, disease_said

WORDS = {
    "yes": ("y", "yes", "有", "是", "对"),
    "no": ("n", "no", "无", "没有", "否", "不是"),
    "unknown": ("u", "unknown", "?", "？", "不知道", "不清楚", "不详"),
    "back": ("b", "back", "返回", "上一题"),
    "stop": ("s", "stop", "q", "quit", "停止", "结束"),
}
"""What may be typed, in either language whichever is in force."""


def interviewed(
    ranker: Ranker,
    case: DiagnosisCase,
    *,
    top: int,
    denied: float,
    why: tuple[str, str],
    quiet: bool,
    out: Path | None,
) -> Told:
    """The case with the answers that were given; `why` are the disease to explain and its rival, empty for the first.

    A denied finding weighs as much as one that is present, unless `denied` says otherwise. With `out`, the answers and
    the differential after them are kept there as JSON.
    """
    interview = Interview(ranker, case, top=top, denied_weight=denied or None)
    _hold(interview, Called(ranker.hpo), quiet=quiet)
    told = interview.told(disease=why[0], rival=why[1])
    if out is not None:
        with whole_file(out) as file:
            file.write(json.dumps(as_told(told, ranker.hpo), ensure_ascii=False) + "\n")
    return told


def _hold(interview: Interview, called: Called, *, quiet: bool) -> None:
    """Ask until nothing is left to ask or the user stops."""
    hpo = interview.ranker.hpo
    say(tr("What is known so far points to:", "目前的线索指向："), quiet=quiet)
    _lead(interview, hpo, (), quiet=quiet)
    while interview.question is not None:
        _put(interview.question, len(interview.asked) + 1, hpo, called, quiet=quiet)
        heard = _hear(quiet=quiet)
        if heard == "stop":
            say(tr("Stopped: the answers so far count.", "已停止：以目前的回答为准。"), quiet=quiet)
            return
        before = interview.leading()
        if heard == "back":
            if not interview.back():
                say(tr("That is the first question.", "这是第一个问题。"), quiet=quiet)
                continue
            say(tr("The last answer is taken back.", "已撤回上一个回答。"), quiet=quiet)
        else:
            name = called.name(interview.question.id)
            interview.answer(heard)
            say(f"  {name}{tr(': ', '：')}{answer_said(heard)}", quiet=quiet)
        _lead(interview, hpo, before, quiet=quiet)
    say(tr("No further question is expected to change the list.", "再追问预期不会改变排序。"), quiet=quiet)


def _put(question: Question, number: int, hpo: Hpo, called: Called, *, quiet: bool) -> None:
    """One question in everyday words, with what it means."""
    name, everyday = called.name(question.id), called.everyday(question.id)
    say(quiet=quiet)
    gain = tr(f"expected gain {question.bits:.2f} bits", f"预期增益 {question.bits:.2f} 比特")
    say(tr(f"Question {number} ({gain})", f"问题 {number}（{gain}）"), quiet=quiet)
    say(tr(f"  Does the patient have: {name}?  {question.id}", f"  患者是否有：{name}？  {question.id}"), quiet=quiet)
    if everyday:
        say(tr(f"  also said: {', '.join(everyday)}", f"  也说：{'、'.join(everyday)}"), quiet=quiet)
    if meaning := hpo.definition(question.term):
        say(f"  {meaning}", quiet=quiet)


def _hear(*, quiet: bool) -> str:
    """The next answer that can be understood; the end of the input and Ctrl-C stop."""
    prompt = tr("  [y]es, [n]o, [u]nknown, [b]ack, [s]top > ", "  有(y)、无(n)、不清楚(u)、返回(b)、停止(s) > ")
    stream = sys.stderr if quiet else sys.stdout
    while True:
        stream.write(prompt)
        stream.flush()
        try:
            line = sys.stdin.readline()
        except KeyboardInterrupt:
            line = ""
        if not sys.stdin.isatty() or not line:
            stream.write("\n")
        if not line:
            return "stop"
        said = line.strip().lower()
        for answer, words in WORDS.items():
            if said in words:
                return answer
        say(
            tr("  Please answer yes, no, unknown, back or stop.", "  请回答：有、无、不清楚、返回或停止。"), quiet=quiet
        )


def _lead(interview: Interview, hpo: Hpo, before: tuple[tuple[str, float], ...], *, quiet: bool) -> None:
    """The first diseases with their chances, and by how many points each moved."""
    earlier = dict(before)
    for place, (id, now) in enumerate(interview.leading(), 1):
        moved = f" ({100 * (now - earlier[id]):+.1f})" if id in earlier else tr(" (new)", "（新）") if before else ""
        say(f"  {place}. {chance(now):>7}{moved:<9} {disease_said(hpo, id)}", quiet=quiet)
