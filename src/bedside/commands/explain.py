"""Show which words an answer rests on, and whether to trust that | 显示答案依据哪些词，以及解释是否可信"""

from __future__ import annotations

import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._io import BackboneFolder, EntitiesFrom, JsonFlag, Seed, emit_json, progress, say
from bedside.errors import UsageError
from bedside.lang import disclaimer, tr

if TYPE_CHECKING:
    from bedside.explain.attribute import Explanation
    from bedside.explain.faithfulness import Faithfulness

METHODS = ("integrated_gradients", "occlusion")


def run(
    model: Annotated[Path, typer.Argument(help=tr("Model folder", "模型目录"))],
    text: Annotated[
        str | None, typer.Argument(help=tr("The text; - reads standard input", "文本；- 为标准输入"))
    ] = None,
    text_b_value: Annotated[
        str | None, typer.Option("--text-b-value", help=tr("Its second text", "与之配对的第二段文本"))
    ] = None,
    file: Annotated[Path | None, typer.Option(help=tr("Read the text from a file", "从文件读取文本"))] = None,
    label: Annotated[
        str | None, typer.Option(help=tr("Label to explain (default: the answer)", "要解释的标签（默认为模型答案）"))
    ] = None,
    method: Annotated[str | None, typer.Option(help=" | ".join(METHODS))] = None,
    html: Annotated[Path | None, typer.Option(help=tr("HTML page to write", "要写出的 HTML 页面"))] = None,
    seed: Seed = 0,
    entities_from: EntitiesFrom = None,
    backbone_folder: BackboneFolder = None,
    json: JsonFlag = False,
) -> None:
    """Colour the words by how far they move the answer, and check the explanation by leaving words out.

    Explained are labels of one text or of a pair, the value that a score expects, the surest entity or relation, an
    answer found in a text, the chance of an event, a document's nearness, and (by sentences) a text that was written.

    Identity is removed from the text first; what is shown is what the model saw.

    `bedside explain MODEL "spiculated nodule, 21 mm"`
    """
    from bedside.explain.attribute import explain
    from bedside.explain.faithfulness import ORDERS, check
    from bedside.files import check_out, whole_file
    from bedside.model.folder import open_model
    from bedside.model.inputs import prepare_text
    from bedside.model.supply import with_tagger

    if method is not None and method not in METHODS:
        raise UsageError(tr("unknown method", "未知方法"), value=method, allowed=METHODS)
    if html:
        check_out(html, inputs=[file], whole=[model])
    opened = with_tagger(open_model(model, backbone=backbone_folder), entities_from)
    seen = prepare_text(_text(text, file))
    second = prepare_text(text_b_value) if text_b_value else ""
    explanation = explain(opened, seen, second, label=label, method=method)  # type: ignore[arg-type]
    with progress(tr("checking the explanation", "检验解释"), total=ORDERS + 1) as advance:
        verdict = check(opened, explanation, seed=seed, advance=advance)
    if html:
        from bedside.explain.render import to_page

        with whole_file(html) as page:
            page.write(to_page(explanation, verdict))
    if json:
        emit_json(_as_json(explanation, verdict, html))
    else:
        _show(explanation, verdict, html)


def _text(text: str | None, file: Path | None) -> str:
    if (text is None) == (file is None):
        raise UsageError(tr("give a text or --file", "请给出文本或 --file"), next="bedside explain --help")
    if file is None:
        return _stdin() if text == "-" else str(text)
    from bedside.formats._files.bytes import head
    from bedside.formats._files.foreign import refuse_foreign
    from bedside.formats._files.lines import text_lines
    from bedside.formats._tables import Damage

    if not file.is_file():
        raise UsageError(tr("no such file", "文件不存在"), value=file)
    refuse_foreign(file, head(file))
    return "".join(line for _, line in text_lines(file, None, Damage(file.name)))


def _stdin() -> str:
    from bedside.formats._files.bytes import decode

    if sys.stdin.isatty():
        say(tr("reading from the keyboard; Ctrl-D ends", "从键盘读取；按 Ctrl-D 结束"), quiet=True)
    return decode(sys.stdin.buffer.read()).strip()


def _as_json(explanation: Explanation, verdict: Faithfulness, html: Path | None) -> dict[str, Any]:
    words = [
        {"start": word.start, "end": word.end, "word": explanation.word(word), "score": word.score, "part": word.part}
        for word in explanation.words
    ]
    kept = {key: value for key, value in asdict(replace(explanation, aim=None)).items() if key not in ("words", "aim")}
    return {**kept, "words": words, "faithfulness": {**asdict(verdict), "says": str(verdict)}, "html": html}


def _show(explanation: Explanation, verdict: Faithfulness, html: Path | None) -> None:
    from rich.console import Console

    from bedside.explain.render import to_terminal

    to_terminal(explanation, verdict, Console())
    if html:
        say(tr(f"page: {html}", f"页面：{html}"))
    say(disclaimer())


COMMAND = run
