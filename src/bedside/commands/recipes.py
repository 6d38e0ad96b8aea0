"""List worked recipes for clinical tasks, show one, or copy it | 列出、查看或复制各临床任务的现成配方"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from bedside.commands._io import JsonFlag, emit_json, say, table
from bedside.errors import UnknownName, UsageError
from bedside.lang import tr

COMMAND = typer.Typer(
    add_completion=False,
    help=tr(
        "Worked recipes for clinical tasks: what rows they take, how they learn, what to expect. Without a word: list.",
        "各临床任务的现成配方：数据形式、方法与预期指标。不带子命令时列出全部。",
    ),
    rich_markup_mode="markdown",
)
FOLDER = Path(__file__).parent.parent / "recipes"
HEADING = "[data]"
Name = Annotated[str, typer.Argument(help=tr("One of those listed", "列表中的名称"))]


@COMMAND.callback(invoke_without_command=True)
def every(ctx: typer.Context, json: JsonFlag = False) -> None:
    """List the recipes."""
    if ctx.invoked_subcommand:
        return
    found = [{"name": name, **about(name)} for name in names()]
    if json:
        emit_json({"recipes": found})
        return
    head = (tr("name", "名称"), tr("head", "输出层"), tr("question", "问题"), tr("expect", "预期"))
    table(
        tr("Recipes", "配方"),
        head,
        [(one["name"], one["head"], _said(one, "question"), _expected(one)) for one in found],
    )
    say(tr("Next: bedside recipes copy NAME -o my.toml", "下一步：bedside recipes copy 名称 -o my.toml"))


@COMMAND.command("show")
def show(name: Name, json: JsonFlag = False) -> None:
    """Show one recipe: its question, rows, method, expected figure, and the settings themselves."""
    one = about(name)
    if json:
        emit_json({"name": name, **one, "recipe": settings(name)})
        return
    for line in _lines(one):
        say(line)
    say()
    say(settings(name).rstrip())


@COMMAND.command("copy")
def copy(
    name: Name,
    out: Annotated[Path, typer.Option("-o", "--out", help=tr("File to write (.toml)", "要写出的文件（.toml）"))],
    force: Annotated[bool, typer.Option("--force", help=tr("Replace a file there", "覆盖已有文件"))] = False,
) -> None:
    """Copy one recipe to a file of your own: name your table and columns in it, then `bedside fit my.toml -o MODEL`."""
    from bedside.files import whole_file

    text = "".join(f"# {line}\n" for line in _lines(about(name))) + "\n" + settings(name)
    if out.exists() and not force:
        raise UsageError(tr("a file is there already", "该处已有文件"), value=out, next="--force")
    with whole_file(out) as file:
        file.write(text)
    say(tr(f"saved {out}. Next: bedside fit {out} -o MODEL", f"已保存 {out}。下一步：bedside fit {out} -o MODEL"))


def names() -> list[str]:
    """The recipes there are.

    >>> "entities" in names()
    True
    """
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def about(name: str) -> dict[str, Any]:
    """What a recipe says of itself; raises UnknownName."""
    import tomllib

    return dict(tomllib.loads(_text(name))["about"])


def settings(name: str) -> str:
    """The recipe as `bedside fit` takes it: all that comes after what it says of itself."""
    text = _text(name)
    return text[text.index(HEADING) :]


def _text(name: str) -> str:
    if name not in names():
        raise UnknownName(tr("no such recipe", "没有这个配方"), value=name, allowed=names(), next="bedside recipes")
    return (FOLDER / f"{name}.toml").read_text(encoding="utf-8")


def _lines(one: dict[str, Any]) -> list[str]:
    return [
        f"{tr('question', '问题')}: {_said(one, 'question')}",
        f"{tr('rows', '数据')}: {_said(one, 'rows')}",
        f"{tr('method', '方法')}: {_said(one, 'method')}",
        f"{tr('expect', '预期')}: {_expected(one)}",
        *([f"{tr('measured on', '度量数据')}: {one['measured_on']}"] if one["measured_on"] else []),
        *([f"{tr('after the fit', '训练之后')}: {one['next']}"] if "next" in one else []),
    ]


def _said(one: dict[str, Any], key: str) -> str:
    return str(tr(one[key], one[f"{key}_zh"]))


def _expected(one: dict[str, Any]) -> str:
    return one["expected"] or tr("not measured yet", "尚未度量")
