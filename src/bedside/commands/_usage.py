"""What is wrong with a command line, in the user's language: the parser's own faults told as every other error is."""

from __future__ import annotations

import re
from typing import Any

import typer
from pydantic import ValidationError

from bedside.errors import UsageError
from bedside.lang import tr

SENTENCES = (
    (r"No such command '(.*?)'", "no such command", "没有这个命令"),
    (r"No such option: (\S+)", "no such option", "没有这个选项"),
    (r"Option '(.*?)' requires", "this option needs a value", "该选项需要给出值"),
    (r"Option '(.*?)' does not take", "this option takes no value", "该选项不带值"),
    (r"Got unexpected extra argument", "more words than it takes: quote a text", "多余的参数：含空格的文本请加引号"),
)
"""What the parser says, and what we say; the group is the name that is told. Extra words may be a note: not told."""


def wrong_use(fault: typer.TyperException) -> UsageError:
    """The parser's fault as an error of ours, with the help to read next."""
    context: Any = getattr(fault, "ctx", None)
    next = f"{context.command_path if context else 'bedside'} --help"
    param: Any = getattr(fault, "param", None)
    if param is not None:
        return UsageError(_about(fault), value=param.get_error_hint(), next=next)
    for pattern, english, chinese in SENTENCES:
        if found := re.match(pattern, fault.message):
            name = found[1] if found.groups() else None
            return UsageError(tr(english, chinese), value=name, allowed=_near(fault), next=next)
    return UsageError(fault.format_message(), next=next)


def _about(fault: typer.TyperException) -> str:
    """What is wrong with the value of one option or argument."""
    if isinstance(fault.__cause__, ValidationError):
        from bedside.config import explain

        return explain(fault.__cause__.errors()[0])
    return fault.message or tr("must be given", "必须给出")


def _near(fault: typer.TyperException) -> list[str] | None:
    return getattr(fault, "possibilities", None) or None
