"""Test, list and explain the rules that guard a proposal | 检验、列出并解释防护规则"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bedside.commands._io import PARTLY, JsonFlag, emit_json, progress, say, table
from bedside.errors import UnknownName
from bedside.lang import counted, disclaimer, tr

COMMAND = typer.Typer(
    add_completion=False,
    help=tr("Test, list and explain the rules that guard a proposal", "检验、列出并解释防护规则"),
    no_args_is_help=True,
    rich_markup_mode="markdown",
)

RulesFolder = Annotated[
    Path | None,
    typer.Option(
        "--rules", metavar="DIR", help=tr("A file or folder of your own rules, too", "另加的自有规则文件或目录")
    ),
]


@COMMAND.command("test")
def run_cases(
    place: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE|DIR]", help=tr("Rules to test (default: those shipped)", "要检验的规则（默认内置规则）")
        ),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help=tr("Show the cases that passed, too", "同时显示通过的用例"))
    ] = False,
    json: JsonFlag = False,
) -> None:
    """Run every rule's own cases: it must speak at each `yes` and be silent at each `no`.

    Exit 3 when a case fails; 2 when the rules cannot be read: every fault is told with its file, rule and key.

    `bedside rules test`

    `bedside rules test ward-rules/ --all`
    """
    from bedside.commands._rules_view import case_rows, failed_as_json
    from bedside.rules import read_rules, shipped, try_cases

    rules = read_rules(place) if place else shipped()
    tried = []
    with progress(tr("testing rules", "检验规则"), total=sum(len(rule.cases) for rule in rules)) as advance:
        for one in try_cases(rules):
            tried.append(one)
            advance()
    failed = [one for one in tried if not one.passed]
    shown = tried if every else failed
    if json:
        emit_json({"rules": len(rules), "cases": len(tried), "failed": failed_as_json(failed)})
    else:
        if shown:
            head = (
                tr("rule", "规则"),
                tr("case", "用例"),
                tr("expected", "应为"),
                tr("came", "实为"),
                tr("proposal", "建议"),
            )
            table(tr("Cases", "用例"), head, case_rows(shown))
        en = f"{counted(len(rules), 'rule')}, {counted(len(tried), 'case')}, {len(failed)} failed"
        say(tr(en, f"{len(rules)} 条规则，{len(tried)} 个用例，{len(failed)} 个未通过"))
    if failed:
        raise typer.Exit(PARTLY)


@COMMAND.command("list")
def list_(
    kind: Annotated[str | None, typer.Option(help=tr("Only rules of this kind", "仅列出此类规则"))] = None,
    rules: RulesFolder = None,
    json: JsonFlag = False,
) -> None:
    """Each rule with its kind, severity, title, source and year.

    `bedside rules list --kind lab`
    """
    from bedside.commands._rules_view import as_json, read_all
    from bedside.rules import KINDS

    if kind is not None and kind not in KINDS:
        raise UnknownName(tr("unknown kind of rule", "未知的规则类别"), value=kind, allowed=KINDS)
    found = [one for one in read_all(rules) if kind in (None, one.kind)]
    if json:
        emit_json({"rules": [as_json(one) for one in found]})
        return
    head = ("id", tr("kind", "类别"), tr("severity", "级别"), tr("title", "标题"), tr("source", "来源"))
    rows = [
        (one.id, one.kind, one.severity, tr(one.title.en, one.title.zh), f"{one.source} ({one.year})") for one in found
    ]
    table(tr("Rules", "规则"), head, rows)
    say(tr(counted(len(found), "rule"), f"{len(found)} 条规则"))


@COMMAND.command("explain")
def explain(
    id: Annotated[str, typer.Argument(help=tr("Id of a rule", "规则编号"))],
    rules: RulesFolder = None,
    json: JsonFlag = False,
) -> None:
    """One rule in words: when it speaks, what it says, on whose word, and its own cases.

    `bedside rules explain lab.potassium-high-dismissed`
    """
    from bedside.commands._rules_view import as_json, named, read_all, show

    rule = named(id, read_all(rules))
    if json:
        emit_json({**as_json(rule), "disclaimer": disclaimer()})
        return
    show(rule)
    say(disclaimer())
