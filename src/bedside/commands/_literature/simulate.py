"""`bedside literature screen --simulate`: what reading in this order would have saved in a finished review."""

from __future__ import annotations

import json as jsonlib
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedside.commands._io import emit_json, plain, progress, say, table
from bedside.errors import ColumnError, DataError
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.literature._record import Record
    from bedside.literature.screening.simulate import Run

COLUMNS = ("included", "label_included", "include", "label", "decision", "relevant", "纳入", "决定")
"""Where a finished review keeps its decisions, the first that is there."""
SHOWN = ("wss_95", "wss_100", "atd", "rrf_10", "read_95", "read_100")


def simulated(
    path: Path,
    column: str | None,
    labels: Path | None,
    question: str,
    seeds: int,
    priors: int,
    seed: int,
    rule: tuple[float, float],
    encoder: str | None,
    out: Path | None,
    *,
    json: bool,
) -> None:
    """Read it `seeds` times, each with other known papers, and by chance beside; means with intervals over readings."""
    from bedside.literature._record import records_of
    from bedside.literature.screening.ranker import Ranker
    from bedside.literature.screening.simulate import ByChance, simulate

    records, _ = records_of([path])
    kept, relevant = _decided(records, path, column, labels)
    texts, vectors, asked = [one.text for one in kept], None, None
    if encoder:
        from bedside.model.embedder import open_encoder

        opened = open_encoder(encoder)
        vectors, asked = opened.passages(texts), opened.passages([question])[0] if question else None
    runs: dict[str, list[Run]] = {"ranked": [], "random": []}
    ranker = Ranker(texts, question, vectors=vectors, question_vector=asked, seed=seed)
    with progress(tr("reading again", "重放"), 2 * seeds * len(kept)) as advance:
        for at in range(seed, seed + seeds):
            for name, order in (("ranked", ranker), ("random", ByChance(len(kept), at))):
                how: dict[str, Any] = {"seed": at, "priors": priors, "target": rule[0], "confidence": rule[1]}
                runs[name].append(simulate(relevant, order, on_read=advance, **how))
    said = {
        "papers": len(kept),
        "relevant": sum(relevant),
        "priors": priors,
        "seeds": seeds,
        **{name: summary(those, seed) for name, those in runs.items()},
    }
    if out is not None:
        from bedside.files import whole_file

        with whole_file(out) as file:
            whole = plain({**said, "readings": [_reading(one) for one in runs["ranked"]]})
            file.write(jsonlib.dumps(whole, ensure_ascii=False, indent=1) + "\n")
    if json:
        emit_json(said)
    else:
        _show(said)


def summary(runs: list[Run], seed: int) -> dict[str, Any]:
    """Mean and interval over readings of each measure, the recall curve, and what the stopping rule did."""
    import numpy as np

    from bedside.literature.screening.measures import mean_of, recall_curve

    told: dict[str, Any] = {name: mean_of([getattr(one.saved, name) for one in runs], seed) for name in SHOWN}
    stops = [one for one in runs if one.stopped is not None]
    told["curve"] = np.mean([recall_curve(one.found) for one in runs], axis=0).round(4).tolist()
    told["stop"] = {
        "readings": len(runs),
        "stopped": len(stops),
        "reached": sum((one.recall or 0) >= (one.stopped.target if one.stopped else 1) for one in stops),
        "read": mean_of([one.stopped.read if one.stopped else len(one.order) + len(one.priors) for one in runs], seed),
    }
    return told


def _decided(
    records: list[Record], path: Path, column: str | None, labels: Path | None
) -> tuple[list[Record], list[bool]]:
    """The records that have a decision, and whether each is relevant: by a column, or by a file of labels."""
    from bedside.formats._tables import cell_text
    from bedside.literature.screening.labels import decision_of, read_labels, resolved

    if labels is not None:
        said = {id: one.relevant for id, one in resolved(read_labels(labels)).items() if one is not None}
    else:
        name = _column(records, path, column)
        words = {one.key: cell_text((one.given or {}).get(name)) for one in records}
        if strange := next((word for word in words.values() if word.strip() and decision_of(word) is None), None):
            raise DataError(
                tr("not a decision", "不是筛选决定"),
                where=f"{path.name}, {name}",
                value=strange[:40],
                allowed="1, 0, include, exclude",
            )
        said = {key: decision_of(word) != "exclude" for key, word in words.items() if word.strip()}
    kept = [one for one in records if one.key in said]
    relevant = [said[one.key] for one in kept]
    if not any(relevant) or all(relevant):
        raise DataError(
            tr("a simulation needs included and excluded papers", "模拟须同时有纳入和排除的文献"),
            where=path.name,
            value=f"{sum(relevant)} / {len(relevant)}",
        )
    return kept, relevant


def _column(records: list[Record], path: Path, column: str | None) -> str:
    names = [str(name) for one in records[:1] for name in (one.given or {})]
    lower = {name.strip().lower(): name for name in names}
    found = column if column in names else None
    if not column:
        found = next((lower[one] for one in COLUMNS if one in lower), None)
    if found is None:
        raise ColumnError(
            tr("no column of decisions", "没有筛选决定列"),
            where=path.name,
            value=column,
            allowed=names or None,
            next="--label COLUMN | --labels decisions.jsonl",
        )
    return found


def _reading(run: Run) -> dict[str, Any]:
    return {"seed": run.seed, "saved": asdict(run.saved), "stopped": run.stopped, "recall": run.recall}


def _show(said: dict[str, Any]) -> None:
    words = {
        "wss_95": "WSS@95",
        "wss_100": "WSS@100",
        "atd": tr("time to a discovery (share)", "平均发现时间（比例）"),
        "rrf_10": tr("recall after 10 %", "读 10% 时召回率"),
        "read_95": tr("papers to 95 %", "达 95% 所读篇数"),
        "read_100": tr("papers to 100 %", "达 100% 所读篇数"),
    }
    rows = [(words[name], said["ranked"][name], said["random"][name]) for name in SHOWN]
    head = ("", tr("this order", "本排序"), tr("by chance", "随机"))
    title = tr(
        f"{said['papers']} papers, {said['relevant']} relevant, {said['seeds']} readings",
        f"{said['papers']} 篇，相关 {said['relevant']} 篇，模拟 {said['seeds']} 次",
    )
    table(title, head, rows)
    stop = said["ranked"]["stop"]
    en = f"the rule said stop in {stop['stopped']} of {stop['readings']} readings, after {stop['read']} papers; "
    en += f"the target was reached in {stop['reached']} of these"
    zh = f"{stop['readings']} 次中有 {stop['stopped']} 次判定可停止（平均读 {stop['read']} 篇），"
    zh += f"其中 {stop['reached']} 次达到目标"
    say(tr(en, zh))
