"""Predict labels for texts with a fitted model | 用已训练的模型预测文本标签"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bedside.commands._io import BackboneFolder, Entities, EntitiesFrom, JsonFlag, Reranker, SetData, TextB
from bedside.commands._predict.doubt import Beside, Coverage, HoldBack, NoDoubt, Said
from bedside.commands._predict.licensed import Licensed, LicensedNames, keep_to_licence
from bedside.commands._review.send import ReviewDouble, ReviewQueue, ReviewRate, ToPeople
from bedside.errors import UsageError
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.commands._predict.doubt import Asked
    from bedside.model.folder import Model


def run(
    model: Annotated[Path, typer.Argument(help=tr("Model folder", "模型目录"))],
    data: Annotated[
        Path | None, typer.Argument(help=tr("Table of texts; - is standard input", "文本表格；- 为标准输入"))
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", help=tr("JSONL to write; - is standard output", "输出 JSONL；- 为标准输出")),
    ] = None,
    text_value: Annotated[
        str | None, typer.Option("--text-value", help=tr("One text instead of a table", "单条文本"))
    ] = None,
    text_b_value: Annotated[
        str | None, typer.Option("--text-b-value", help=tr("Its second text", "与之配对的第二段文本"))
    ] = None,
    text: Annotated[
        str | None, typer.Option(help=tr("Text column (default: the model's)", "文本列（默认同模型）"))
    ] = None,
    text_b: TextB = None,
    entities: Entities = None,
    entities_from: EntitiesFrom = None,
    id: Annotated[str | None, typer.Option(help=tr("Id column (default: id)", "编号列（默认 id）"))] = None,
    set_: SetData = None,
    reranker: Reranker = None,
    coverage: Coverage = None,
    hold_back: HoldBack = False,
    no_doubt: NoDoubt = False,
    beside: Beside = None,
    licensed: Licensed = False,
    licensed_names: LicensedNames = None,
    resume: Annotated[
        bool, typer.Option("--resume", help=tr("Go on after the rows written", "从已写出的行继续"))
    ] = False,
    force: Annotated[bool, typer.Option("--force", help=tr("Write over OUT", "覆盖输出文件"))] = False,
    backbone_folder: BackboneFolder = None,
    review: ReviewQueue = None,
    review_rate: ReviewRate = 0.0,
    review_double: ReviewDouble = 0.0,
    json: JsonFlag = False,
) -> None:
    """Predict: `id`, `label`, `probabilities` a line, in the order of the table, in bounded memory.

    A tagging model writes `entities` instead, or `tags` for rows that came as tokens; a score `value`, `low`, `high`; a
    model of times to an event `risk`, `survival` at its horizons and `median`; one that reads answers `answer`,
    `start`, `end`, `probability`; one that relates entities `relations`; a ranking one `documents`; one that writes
    `text` and `draft`.

    `set` holds the labels of which one is right as often as --coverage says. Where it holds several, where a text is
    unlike those learnt from, or where a model of --beside answers otherwise, `abstained` says so, and that a person is
    to be asked: docs/doubt.md.

    Identity is removed from each text first. A row without an answer gets `id` and `error`; with one, or with a line of
    the table that cannot be read, the exit code is 3.

    Answers gather in OUT.part, which becomes OUT at the end; after a kill, --resume goes on with it.

    With `--review QUEUE` texts without an answer go to people, and a share of the answers drawn by chance.

    Standard input is JSON Lines or a text a line, as its first line tells; rows are answered as they come.

    `bedside predict MODEL notes.csv -o out.jsonl`

    `tail -f notes.jsonl | bedside predict MODEL - -o -`
    """
    from bedside.commands._answers import check_place
    from bedside.commands._predict.rows import Reads, one_text, whole_table
    from bedside.commands._predict.searching import data_settings

    if (data is None) == (text_value is None):
        raise UsageError(tr("give a table or --text-value", "请给出表格或 --text-value"), next="bedside predict --help")
    columns = {"text": text, "text_b": text_b, "entities": entities, "id": id, **data_settings(set_ or [])}
    reads = Reads(model, columns, reranker, entities_from, backbone_folder)
    said = Said(coverage, hold_back, no_doubt, beside or ())

    def asked(opened: Model) -> Asked:
        return said.asked(keep_to_licence(opened, on=licensed, tables=licensed_names or ()))

    if text_value is not None:
        one_text(reads, text_value, text_b_value or "", asked, as_json=json)
    elif data is not None:
        if out is None:
            raise UsageError(tr("say where to write", "请指定输出文件"), next="-o OUT.jsonl")
        check_place(out, data, resume=resume, force=force)
        to_people = ToPeople.of(review, review_rate, review_double)
        whole_table(reads, data, out, asked, to_people, resume=resume, as_json=json)


COMMAND = run
