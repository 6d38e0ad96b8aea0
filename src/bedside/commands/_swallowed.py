"""`--report --help` asks for help: the name of an option is never taken for the value of the one before it."""

from __future__ import annotations

from typing import Any

from bedside.errors import UsageError
from bedside.lang import tr


def watched(command: Any) -> Any:
    """The command, its own commands too, refusing an option whose value would be the name of another (UsageError)."""
    for one in getattr(command, "commands", {}).values():
        watched(one)
    parse = command.parse_args

    def parse_args(ctx: Any, args: list[str]) -> list[str]:
        _check(command, ctx, args)
        parsed: list[str] = parse(ctx, args)
        return parsed

    command.parse_args = parse_args
    return command


def _check(command: Any, ctx: Any, args: list[str]) -> None:
    options = [one for one in command.get_params(ctx) if one.param_type_name == "option"]
    names = {name for one in options for name in (*one.opts, *one.secondary_opts)}
    takes = {name: one.nargs for one in options if not (one.is_flag or one.count) for name in one.opts}
    words = iter(args)
    for word in words:
        if word == "--":
            return
        for _ in range(takes.get(word, 0)):
            value = next(words, None)
            if value in names:
                what = tr("this option needs a value, not the name of another", "该选项需要给出值，而非另一选项的名称")
                raise UsageError(what, value=f"{word} {value}", next=f"{ctx.command_path} --help")
