"""Builds one verb from its file, and calls it from Python just as a shell would."""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from typing import Any

import typer

from bedside import registry
from bedside.commands._swallowed import watched


def build(name: str) -> Any:
    """The verb `name` with its options, ready to parse words; a file may define one function or a group of them."""
    command = registry.load("commands", name)
    if isinstance(command, typer.Typer):
        built = typer.main.get_command(command)
    else:
        single = typer.Typer(add_completion=False, rich_markup_mode="markdown")
        single.command(name=name)(command)
        built = typer.main.get_command(single)
    built.name = name
    return watched(built)


def call(name: str, *words: str) -> tuple[int, str]:
    """Run `bedside NAME WORDS...` in this process: its exit code and what it wrote to stdout.

    A `BedsideError` rises as it is; the caller is a command too and lets it through.
    """
    heard = io.StringIO()
    with redirect_stdout(heard):
        code = build(name).main(args=list(words), prog_name=f"bedside {name}", standalone_mode=False)
    return (code if isinstance(code, int) else 0), heard.getvalue()
