"""See whether what a model meets, or what comes of it, has changed | 检查模型的输入、输出与结果是否漂移"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._io import PARTLY, JsonFlag, Seed, emit_json, progress, say, table
from bedside.errors import UsageError
from bedside.lang import counted, disclaimer, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bedside.drift.compare import Drift
    from bedside.drift.rows import Names, Part


def run(
    reference: Annotated[Path, typer.Argument(help=tr("What the model was made on, or an earlier time", "参照数据"))],
    current: Annotated[Path, typer.Argument(help=tr("What it meets now", "当前数据"))],
    text: Annotated[str | None, typer.Option(help=tr("Text column, compared by its meaning", "文本列"))] = None,
    label: Annotated[str | None, typer.Option(help=tr("Column of the answers", "模型输出列"))] = None,
    truth: Annotated[str | None, typer.Option(help=tr("Column of what proved true", "真实结果列"))] = None,
    patient: Annotated[str | None, typer.Option(help=tr("Patient column", "患者列"))] = None,
    time: Annotated[str | None, typer.Option(help=tr("Column of times, ISO 8601", "时间列（ISO 8601）"))] = None,
    columns: Annotated[str, typer.Option(help=tr("Compare these only: a,b,c", "仅比较这些列：a,b,c"))] = "",
    encoder: Annotated[
        str | None, typer.Option(help=tr("Of texts; none leaves their meaning out", "文本编码器；none 为不比较语义"))
    ] = None,
    seed: Seed = 0,
    report: Annotated[Path | None, typer.Option(help=tr("HTML page to write", "要写出的网页"))] = None,
    json: JsonFlag = False,
) -> None:
    """Compare two tables, such as the answers of `bedside predict` of two months, and say whether anything changed.

    Every column is compared by the population stability index with a permutation test over patients, texts also by
    the distance of their vectors (MMD); where --truth is known, accuracy and calibration before and now; where --time
    is given, when confidence or accuracy turned (ADWIN). p values are corrected for the number of comparisons.
    Values of fewer than five rows are never named.

    `bedside drift january.jsonl june.jsonl --label label --patient mrn`

    `bedside drift dev.csv june.csv --text note --truth outcome --label label --time seen --report drift.html`
    """
    from bedside.drift.compare import compare
    from bedside.drift.rows import Names
    from bedside.files import check_out

    if report:
        check_out(report, inputs=[reference, current])
    wanted = tuple(name.strip() for name in columns.split(",") if name.strip())
    names = Names(text=text, label=label, truth=truth, patient=patient, time=time, columns=wanted)
    before, lost_before = _read(reference, names)
    now, lost_now = _read(current, names)
    with progress(tr("comparing", "比较中")):
        found = compare(before, now, seed=seed, vectors=_vectors(text, encoder))
    if report:
        _save(found, report)
    lost = lost_before + lost_now
    if json:
        emit_json({"level": found.level, "rows_left_out": lost, "report": report, "drift": found})
    else:
        _tell(found, lost, report)
    if lost:
        raise typer.Exit(PARTLY)


def _read(path: Path, names: Names) -> tuple[Part, int]:
    """The part of a table, and how many rows could not be used; at least two patients are needed."""
    from bedside.drift.rows import read_part
    from bedside.formats._tables import Damage, read_rows

    damage = Damage(path.name)
    part = read_part(read_rows(path, on_problem=damage), names, damage)
    if len(set(part.patients)) < 2:
        raise UsageError(
            tr("too few rows to compare: two patients are needed at least", "行数过少：至少需要两名患者"),
            where=path.name,
        )
    return part, damage.count


def _vectors(text: str | None, encoder: str | None) -> Callable[[Sequence[str]], Any] | None:
    """How texts become vectors: by the encoder named, else by the embedded one, if there is one."""
    if encoder not in (None, "none") and text is None:
        raise UsageError(tr("--encoder is for --text", "--encoder 需与 --text 同用"))
    if text is None or encoder == "none":
        return None
    from bedside.model.embedder import default_encoder, open_encoder

    name = encoder or default_encoder()
    return None if name == "none" else open_encoder(name).passages


def _save(found: Drift, report: Path) -> None:
    from bedside.drift.page import render
    from bedside.files import whole_file

    with whole_file(report) as file:
        file.write(render(found))


def _tell(found: Drift, lost: int, report: Path | None) -> None:
    from bedside.drift.page import level_name, measure_of, name_of, stream_name, summary, when
    from bedside.evaluate._words import metric_name, p_shown, shown

    say(summary(found))
    head = (tr("compared", "比较项"), tr("how far", "幅度"), "p", "")
    rows = [(name_of(one), measure_of(one), p_shown(one.p), level_name(one.level)) for one in found.watched]
    table(tr("What comes in, and what is answered", "输入与输出"), head, rows)
    if found.outcomes:
        head_ = (tr("figure", "指标"), tr("reference", "参照"), tr("current", "当前"), "p")
        lines = [
            (metric_name(one.name), shown(one.reference), shown(one.current), "" if one.p is None else p_shown(one.p))
            for one in found.outcomes
        ]
        table(tr("Outcomes", "结果"), head_, lines)
    for turn in found.turns:
        say(f"{when(turn)}: {stream_name(turn)} {turn.before:.3f} -> {turn.after:.3f}")
    if lost:
        say(tr(f"{counted(lost, 'row')} could not be used", f"{lost} 行无法使用"))
    if report:
        say(tr(f"report: {report}", f"报告：{report}"))
    say(disclaimer())


COMMAND = run
