"""The `bedside` command: one verb a file in `commands/`, built from the registry, each loaded only when it is typed."""

from __future__ import annotations

import gc
import os
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from bedside import registry
from bedside.commands._call import build as build_verb
from bedside.commands._stop import stoppable
from bedside.errors import BedsideError
from bedside.lang import set_lang, tr

GARBAGE_EVERY = 50_000
"""New objects between two searches for garbage: loading libraries makes hundreds of thousands that all stay, and by
Python's own rhythm a tenth of a cold answer is spent searching among them."""


class _Verbs(TyperGroup):
    """Lists verbs by their file's first line; imports a verb's file only to run it or to print its own help."""

    def list_commands(self, ctx: Any) -> list[str]:
        return registry.names("commands")

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        return build_verb(cmd_name) if cmd_name in registry.names("commands") else None

    def invoke(self, ctx: Any) -> Any:
        with stoppable():
            return super().invoke(ctx)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args:
            typer.echo(ctx.get_help())
            ctx.exit(2)
        return super().parse_args(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Plain text: the library that draws boxes takes longer to load than all the rest."""
        self.rich_markup_mode = None
        super().format_help(ctx, formatter)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Each verb with its purpose, in full; no verb's file is imported for it."""
        with formatter.section(tr("Commands", "命令")):
            formatter.write_dl([(name, _purpose(name)) for name in self.list_commands(ctx)])


def _purpose(verb: str) -> str:
    english, _, chinese = registry.purpose("commands", verb).partition(" | ")
    return tr(english, chinese or english)


def build() -> typer.Typer:
    """The whole command line, in the language in force."""
    app = typer.Typer(
        cls=_Verbs,
        add_completion=False,
        rich_markup_mode="markdown",
        context_settings={"help_option_names": ["-h", "--help"]},
        pretty_exceptions_enable=False,
        help=tr(
            "bedside: charts in, a measured, explained, guarded and served model out, on your own machines.\n\n"
            "Start with `bedside quickstart`. It advises; a clinician decides.",
            "bedside：病历进，经过度量、解释、把关并可服务的模型出，全程在您自己的机器上。\n\n"
            "从 `bedside quickstart` 开始。系统仅供参考，由临床医生决定。",
        ),
    )

    @app.callback()
    def root(
        lang: str = typer.Option(
            "en", "--lang", envvar="BEDSIDE_LANG", help=tr("Language: en or zh", "语言：en 或 zh"), metavar="en|zh"
        ),
        version: bool = typer.Option(False, "--version", help=tr("Print the version", "显示版本")),
    ) -> None:
        if version:
            from bedside import __version__

            typer.echo(f"bedside {__version__}")
            raise typer.Exit

    return app


def main() -> None:
    """Run one command; a `BedsideError` becomes a message and its exit code, never a traceback."""
    gc.set_threshold(GARBAGE_EVERY)
    argv = sys.argv[1:] = _lang_first(sys.argv[1:])
    _no_calls_home()
    _waits_politely()
    try:
        code = build()(prog_name="bedside", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except BedsideError as error:
        _explain(error, as_json="--json" in argv)
        sys.exit(error.exit_code)
    except typer.TyperException as fault:
        from bedside.commands._usage import wrong_use

        if type(fault).__name__ != "NoArgsIsHelpError":  # the help it stands for has been printed
            _explain(wrong_use(fault), as_json="--json" in argv)
        sys.exit(fault.exit_code)
    except typer.Abort:
        sys.exit(1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        typer.echo(tr("stopped; what was saved is kept", "已停止；已保存的内容保留"), err=True)
        sys.exit(130)
    except Exception as fault:
        if os.environ.get("BEDSIDE_TRACEBACK"):
            raise
        from bedside.commands._fault import unforeseen

        told = unforeseen(fault)
        _explain(told, as_json="--json" in argv)
        sys.exit(told.exit_code)


def _lang_first(argv: list[str]) -> list[str]:
    """Let `--lang zh` stand anywhere, and speak it before any help text is made."""
    rest, lang = [], os.environ.get("BEDSIDE_LANG", "en")
    words = iter(argv)
    for word in words:
        if word == "--lang":
            lang = next(words, lang)
        elif word.startswith("--lang="):
            lang = word.removeprefix("--lang=")
        else:
            rest.append(word)
    if lang not in ("en", "zh"):
        from bedside.errors import UsageError

        _explain(UsageError("unknown language", value=lang, allowed=["en", "zh"]), as_json=False)
        sys.exit(2)
    os.environ["BEDSIDE_LANG"] = lang
    set_lang(lang)
    return rest


def _explain(error: BedsideError, *, as_json: bool) -> None:
    if as_json:
        import json

        typer.echo(json.dumps(error.to_dict(), ensure_ascii=False), err=True)
    else:
        typer.echo(f"{tr('error', '错误')}: {error}", err=True)


def _waits_politely() -> None:
    """Threads that wait for one another sleep soon; a user who set how they wait keeps it.

    By themselves they spin for a millisecond and more: where another process has a core, answering one text then takes
    a second instead of a twentieth (docs/design/002). Read by the OpenMP library when PyTorch loads it.
    """
    if "OMP_WAIT_POLICY" not in os.environ:
        os.environ.setdefault("GOMP_SPINCOUNT", "1000")


def _no_calls_home() -> None:
    """Close every road out that a library might take by itself; a user who set one keeps it."""
    for name in ("HF_HUB_OFFLINE", "HF_HUB_DISABLE_TELEMETRY", "TRANSFORMERS_OFFLINE", "DO_NOT_TRACK"):
        os.environ.setdefault(name, "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
