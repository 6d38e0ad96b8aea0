"""Search for the settings that suit your data | 为您的数据搜索合适的训练设置"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._fit.recipe import given, recipe_of
from bedside.commands._io import HEADS, PARTLY, AdaptOption, Entities, IdentityOption, JsonFlag, TextB, emit_json, say
from bedside.errors import UsageError
from bedside.lang import disclaimer, tr

if TYPE_CHECKING:
    from bedside.commands._tune.result import Result
    from bedside.commands._tune.view import TuneView
    from bedside.config import Recipe, SearchRecipe, Space
    from bedside.train.tune.run import Tuned

PAGES = (".html", ".htm")


def run(
    data: Annotated[Path, typer.Argument(help=tr("Training table, or a recipe (.toml)", "训练表格，或配方（.toml）"))],
    out: Annotated[Path, typer.Option("-o", "--out", help=tr("Folder of the study", "研究目录"))],
    dev: Annotated[
        Path | None,
        typer.Option(help=tr("Tuning table (default: a fifth of the patients)", "调优表格（默认留出五分之一患者）")),
    ] = None,
    text: Annotated[
        str | None, typer.Option(help=tr("Column(s) of the text: title+question", "文本列，可用 + 连接"))
    ] = None,
    text_b: TextB = None,
    entities: Entities = None,
    label: Annotated[str | None, typer.Option(help=tr("Column of the label", "标签列"))] = None,
    patient: Annotated[str | None, typer.Option(help=tr("Column of the patient", "患者列"))] = None,
    id: Annotated[str | None, typer.Option(help=tr("Column of the row's id", "行编号列"))] = None,
    identity: IdentityOption = None,
    head: Annotated[str | None, typer.Option(help=HEADS)] = None,
    backbone: Annotated[str | None, typer.Option(help=tr("Name, folder or hub name", "名称、目录或 hub 名称"))] = None,
    adapt: AdaptOption = None,
    space: Annotated[
        Path | None, typer.Option(help=tr("What to search (TOML; default: by size)", "搜索空间（TOML，默认按规模）"))
    ] = None,
    trials: Annotated[int | None, typer.Option(help=tr("Trials in all (default: 20)", "试验总数（默认 20）"))] = None,
    minutes: Annotated[
        float | None, typer.Option(help=tr("Search no longer than this", "搜索时间上限（分钟）"))
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, max=64, help=tr("Trials at a time", "同时进行的试验数"))] = 1,
    seed: Annotated[int | None, typer.Option(help=tr("Seed of every chance", "随机种子"))] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help=tr("A setting that stays as given", "固定不变的设置")),
    ] = None,
    refit: Annotated[
        bool,
        typer.Option("--refit", help=tr("Fit the best recipe on all rows: OUT/model", "用最佳配方在全部数据上训练")),
    ] = False,
    report: Annotated[
        Path | None,
        typer.Option(help=tr("HTML report (default: OUT/report.html)", "HTML 报告（默认 OUT/report.html）")),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=tr("Begin a new study at OUT", "在 OUT 重新开始"))] = False,
    json: JsonFlag = False,
) -> None:
    """Search for settings: trials proposed by TPE, pruned after each epoch, the best measured on patients set apart.

    What you give stays as given; the rest is searched. Stopped or killed, the same command goes on. Example:

    `bedside tune notes.csv --text note --label diagnosis --patient mrn --trials 30 -o STUDY`
    """
    named: dict[str, Any] = {"dev": dev, "text": text, "text_b": text_b, "entities": entities, "label": label}
    named |= {"patient": patient, "id": id}
    if identity:
        named |= {"identity": identity[0], "identity_reason": identity[1]}
    chosen = {"head": head, "backbone": backbone, "adapt": adapt, "seed": seed}
    recipe = recipe_of(data, named, chosen, set_ or [])
    search, searched = _search(space, given({"trials": trials, "minutes": minutes}))
    from bedside.commands._tune.view import TuneView

    with TuneView(quiet=json) as view:
        summary = _tune(recipe, search, searched, view, out=out, jobs=jobs, replace=force, report=report, refit=refit)
    if json:
        emit_json(summary)
    if view.refused or view.broken:
        raise typer.Exit(PARTLY)


def _search(path: Path | None, given: dict[str, Any]) -> tuple[SearchRecipe, Space | None]:
    from bedside.config.tune import read_search, search_recipe

    written, space = read_search(path) if path else ({}, None)
    return search_recipe({**written, **given}, where=str(path) if path else None), space


def _tune(
    recipe: Recipe,
    search: SearchRecipe,
    space: Space | None,
    view: TuneView,
    *,
    out: Path,
    jobs: int,
    replace: bool,
    report: Path | None,
    refit: bool,
) -> dict[str, Any]:
    from bedside.commands._fit.measured import measured_on_dev
    from bedside.commands._tune.jobs import spreader
    from bedside.commands._tune.result import RESULT, as_json, measured, write_recipe
    from bedside.evaluate.pages.tune import save
    from bedside.files import check_out, whole_file
    from bedside.runs import started
    from bedside.train.tune.run import tune

    begun, page = started(), report or out / "report.html"
    check_out(out, folder=True)
    if report:
        check_out(report, inputs=[recipe.data.train, recipe.data.dev])
        _check_beside(report, out)
    spread = spreader(jobs, out, view.on_event) if jobs > 1 else None
    how: dict[str, Any] = {"measure": measured_on_dev, "spread": spread, "replace": replace}
    done = tune(recipe, search, space, out=out, tell=view.on_event, **how)
    result = measured(done, out)
    write_recipe(done, result, out)
    summary = {**as_json(done, result, out), "report": str(page)}
    save(page, summary, space=done.space.to_dict() if done.space else {})
    if refit:
        summary["refitted"] = str(_refit(done, out))
    with whole_file(out / RESULT) as file:
        import json

        json.dump(summary, file, ensure_ascii=False, indent=1)
    _remember(done, result, out, begun)
    view.screen.close()
    _show(summary, result, quiet=view.screen.quiet)
    return summary


def _check_beside(report: Path, out: Path) -> None:
    """Refuse a report that would take the place of a file of the study, there already or still to come."""
    real, study = report.resolve(), out.resolve()
    if study in real.parents and (real.parent != study or real.suffix.lower() not in PAGES):
        what = tr("in a study's folder the report is a page", "研究目录中的报告须为网页文件")
        raise UsageError(what, where="--report", value=report, allowed=str(out / "NAME.html"))


def _refit(done: Tuned, out: Path) -> Path:
    """The best recipe on all the rows there are, as `bedside fit` would."""
    from bedside.commands._fit.measured import measured_on_dev
    from bedside.train.fit import fit

    fit(done.best_recipe(), out=out / "model", measure=measured_on_dev, replace=True)
    return out / "model"


def _remember(done: Tuned, result: Result, out: Path, begun: float) -> None:
    from bedside.commands._io import plain
    from bedside.runs import hashes, remember

    best = done.best_recipe()
    figures = {"honest": result.honest, "selected": result.selected, "optimism": result.optimism}
    remember(
        "tune",
        begun,
        head=done.nested.head,
        metric=result.metric,
        recipe=best.model_dump(mode="json"),
        recipe_sha256=best.digest(),
        data=hashes([done.recipe.data.train, done.recipe.data.dev]),
        figures={result.metric: plain(result.honest), **{name: plain(figure) for name, figure in figures.items()}},
        out=str(out.resolve()),
    )


def _show(summary: dict[str, Any], result: Result, *, quiet: bool) -> None:
    from bedside.commands._tune.view import STATES, spoken
    from bedside.evaluate._words import model_name, shown

    states = ", ".join(f"{number} {tr(*STATES[state])}" for state, number in summary["states"].items())
    best, name = summary["best"], result.metric
    lines = [
        (f"trials: {states}", f"试验：{states}"),
        (
            f"best: trial {best['number']}: {spoken(best['settings'])}",
            f"最佳：试验 {best['number']}：{spoken(best['settings'])}",
        ),
        (f"{name} where it was selected: {shown(result.selected)}", f"选择部分 {name}：{shown(result.selected)}"),
        (f"{name} on patients set apart: {shown(result.honest)}", f"另留患者 {name}：{shown(result.honest)}"),
        (
            f"optimism (the first minus the second): {shown(result.optimism)}",
            f"乐观偏差（前者减后者）：{shown(result.optimism)}",
        ),
        (
            f"the recipe as it was, on the same patients: {shown(result.defaults)}",
            f"原配方（相同患者）：{shown(result.defaults)}",
        ),
        (f"best minus the recipe as it was: {shown(result.gain)}", f"最佳配方减原配方：{shown(result.gain)}"),
        *((f"{model_name(rival)}: {shown(figure)}",) * 2 for rival, figure in result.rivals.items()),
    ]
    if len(result.looks) > 1:
        count = len(result.looks)
        lines.append(
            (
                f"{count} trials have been measured on the patients set apart by now: each look makes them less apart",
                f"另留患者已被用于度量 {count} 次不同的最佳试验：次数越多，独立性越低",
            )
        )
    lines.append(
        (
            f"saved {summary['recipe']}, {summary['report']}. Next: bedside fit {summary['recipe']} -o MODEL",
            f"已保存 {summary['recipe']}、{summary['report']}。下一步：bedside fit {summary['recipe']} -o MODEL",
        )
    )
    for english, chinese in lines:
        say(tr(english, chinese), quiet=quiet)
    say(disclaimer(), quiet=quiet)


COMMAND = run
