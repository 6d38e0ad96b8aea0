"""`bedside review compare, judge, reveal`: two systems read blind, in the terminal or on a page; what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bedside.commands._io import PARTLY, JsonFlag, Seed, emit_json, say, table
from bedside.commands._review.options import By, QueueFile
from bedside.errors import UsageError
from bedside.lang import counted, disclaimer, tr

if TYPE_CHECKING:
    from bedside.review.judgements import Judgement
    from bedside.review.pairs import Pair, Side

Study = Annotated[Path, typer.Argument(metavar="PAIRS", help=tr("Pairs that compare wrote", "compare 写出的成对文件"))]
KeyFile = Annotated[
    Path | None,
    typer.Option(
        "--key", metavar="FILE", help=tr("The key (default: in BEDSIDE_HOME)", "密钥文件（默认在 BEDSIDE_HOME）")
    ),
]


def compare(
    a: Annotated[
        Path, typer.Argument(metavar="A", help=tr("Answers of one system: id, text", "系统一的结果：id、text"))
    ],
    b: Annotated[Path, typer.Argument(metavar="B", help=tr("Answers of the other", "系统二的结果"))],
    out: Annotated[Path, typer.Option("-o", "--out", help=tr("Pairs to write (JSONL)", "输出成对文件（JSONL）"))],
    inputs: Annotated[Path | None, typer.Option(help=tr("What was asked: id, text", "输入：id、text"))] = None,
    html: Annotated[Path | None, typer.Option(help=tr("Page to fill in, offline", "可离线填写的网页"))] = None,
    key: KeyFile = None,
    seed: Annotated[
        int | None,
        typer.Option(help=tr("Seed of the sides (default: drawn, in the key)", "左右次序种子（默认随机，存于密钥）")),
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Pairs of answers, sides drawn by chance, and the key that tells them in another place. Then `judge` and `reveal`.

    `bedside review compare ours.jsonl theirs.jsonl --inputs notes.csv -o pairs.jsonl --html form.html`
    """
    from bedside.files import check_out
    from bedside.formats._tables import cell_text, read_rows
    from bedside.review.page import write_form
    from bedside.review.pairs import blind, key_place, write_key, write_pairs

    for path in filter(None, (out, html, key)):
        check_out(path, inputs=[a, b, inputs])
    first, second = ([row for _, row in read_rows(path)] for path in (a, b))
    asked = {cell_text(row.get("id")): str(row.get("text", "")) for _, row in read_rows(inputs)} if inputs else {}
    done = blind(first, second, asked, (a.stem, b.stem), seed=seed)
    secret = key or key_place(done.key.study)
    write_pairs(out, done.pairs)
    write_key(secret, done.key)
    if html:
        write_form(html, done.pairs)
    pairs, lost = len(done.pairs), done.lost
    if json:
        emit_json({"out": out, "pairs": pairs, "lost": lost, "study": done.key.study, "key": secret})
    else:
        say(
            tr(
                f"{counted(pairs, 'pair')} written to {out}; {counted(lost, 'row')} without a partner",
                f"已写出 {pairs} 对到 {out}；{lost} 行无法配对",
            )
        )
        say(tr(f"the key, not for readers: {secret}", f"密钥（勿交给审阅人）：{secret}"))
        say(f"bedside review judge {out} --by NAME")
    if lost:
        raise typer.Exit(PARTLY)


def judge(
    study: Study,
    by: By = "",
    form: Annotated[Path | None, typer.Option("--form", help=tr("A page's saved answers", "网页保存的答案"))] = None,
    queue: QueueFile = None,
    json: JsonFlag = False,
) -> None:
    """Say of each pair which side is better; stop at any time, and go on later. `--form` reads a filled page instead.

    `bedside review judge pairs.jsonl --by ann`
    """
    from bedside.review import Queue
    from bedside.review.judgements import judge as write_down
    from bedside.review.judgements import read_form, waiting
    from bedside.review.pairs import read_pairs

    if not by and form is None:
        raise UsageError(tr("a decision needs a reader", "须注明审阅人"), next="--by NAME | --form FILE")
    pairs, done = read_pairs(study), 0
    with Queue(queue) as opened:
        if form is not None:
            for said in read_form(form, pairs):
                write_down(opened, said)
                done += 1
        else:
            left = waiting(opened, pairs, by)
            for number, pair in enumerate(left, 1):
                said_or_none = _asked(pair, by, f"{number}/{len(left)}")
                if said_or_none is None:
                    break
                write_down(opened, said_or_none)
                done += 1
    if json:
        emit_json({"judged": done})
    else:
        say(tr(f"{counted(done, 'judgement')} written down", f"已记录 {done} 条评判"))


def reveal(study: Study, key: KeyFile = None, queue: QueueFile = None, seed: Seed = 0, json: JsonFlag = False) -> None:
    """Which system readers prefer, with an interval drawn by pair; overall, by criterion, by reader.

    `bedside review reveal pairs.jsonl`
    """
    from bedside.review import Queue
    from bedside.review.judgements import judgements, preferences, readers_agree
    from bedside.review.pairs import key_place, read_key, read_pairs

    pairs = read_pairs(study)
    secret = read_key(key or key_place(pairs[0].study))
    with Queue(queue) as opened:
        said = judgements(opened, pairs[0].study)
        found, alike = preferences(said, secret, seed=seed), readers_agree(said, secret, seed=seed)
        opened.record("bedside", "revealed", {"study": pairs[0].study, "judgements": len(said)})
    if json:
        emit_json(
            {
                "study": secret.study,
                "first": secret.names[0],
                "second": secret.names[1],
                "preferences": found,
                "alpha": alike,
            }
        )
        return
    from bedside.evaluate._words import p_shown, shown

    first, second = secret.names
    head = (tr("question", "问题"), tr("reader", "审阅人"), first, tr("equal", "相当"), second)
    rows = [
        (
            _question(one.question),
            one.by or tr("all", "全部"),
            one.first,
            one.equal,
            one.second,
            shown(one.share),
            p_shown(one.p),
        )
        for one in found
    ]
    table(tr("Preference", "偏好"), (*head, tr(f"{first} preferred", f"偏好 {first}"), "p"), rows)
    say(tr("readers agree (Krippendorff's alpha): ", "审阅人一致性（Krippendorff α）：") + shown(alike))
    say(disclaimer())


def _question(name: str) -> str:
    from bedside.review.page import questions

    return questions()[name]


def _asked(pair: Pair, by: str, count: str) -> Judgement | None:
    """The answers to one pair on the terminal; None: stop here."""
    from rich.console import Console
    from rich.text import Text

    from bedside.review.judgements import OVERALL, Judgement
    from bedside.review.page import questions

    console = Console(highlight=False)
    for title, words in ((count, pair.input), (tr("1 left", "1 左"), pair.left), (tr("2 right", "2 右"), pair.right)):
        console.print(Text(f"\n{title}", style="bold cyan"))
        console.print(Text(words))
    asked = questions()
    overall = _side(asked.pop(OVERALL))
    if overall is None:
        return None
    criteria: dict[str, Side] = {}
    for name, question in asked.items():
        side = _side(question)
        if side is None:
            return None
        criteria[name] = side
    reason = typer.prompt(tr("why (may be empty)", "理由（可空）"), default="", show_default=False)
    return Judgement(pair=pair.id, by=by, overall=overall, criteria=criteria, reason=reason)


def _side(question: str) -> Side | None:
    sides: Sequence[Side] = ("equal", "left", "right")
    hint = tr("1 left, 2 right, 0 equal, q stop", "1 左，2 右，0 相当，q 停止")
    while True:
        word = typer.prompt(f"{question} [{hint}]").strip().lower()
        if word == "q":
            return None
        if word in ("0", "1", "2"):
            return sides[int(word)]
