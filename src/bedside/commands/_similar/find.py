"""`bedside similar`: reads the chart, brings the index up to date, and searches it for those who may see."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedside.commands._io import progress, say
from bedside.errors import DataError, IdentityError, UsageError
from bedside.lang import tr
from bedside.types import Chart, RawChart

if TYPE_CHECKING:
    from bedside.consult.similar import ChartIndex, Similar


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for a chart: of how many that may be seen, what the index took in, what could not be read."""

    chart: Chart = field(repr=False)
    similar: list[Similar] = field(repr=False)
    compared: int
    indexed: dict[str, int]
    unread: int
    encoder: str
    index: Path | None


def find(
    path: Path,
    among: Path | None,
    index: Path | None,
    *,
    of: str | None,
    quiet: bool,
    encoder: str | None,
    **how: Any,
) -> Found:
    """Search an index, a lasting one or one for this search alone; UsageError where there is none."""
    weights = _weights(how.pop("weights"))
    for file in (path, *([among] if among else [])):
        if not file.exists():
            raise UsageError(tr("no such file", "没有该文件"), value=file.name)
    folder = index or (None if among else _home_index())
    chart = _one(path, of)
    with nullcontext(str(folder)) if folder else tempfile.TemporaryDirectory(dir=_work()) as place:
        opened, name = _open(Path(place), encoder, new=among is not None)
        with opened:
            unread: list[str] = []
            indexed = opened.add(_fresh(among, unread)) if among else {}
            for one in unread:
                say(one, quiet=True)
            return _search(opened, chart, name, Path(place), folder, indexed, len(unread), weights=weights, **how)


def _search(
    opened: ChartIndex,
    chart: Chart,
    encoder: str,
    place: Path,
    folder: Path | None,
    indexed: dict[str, int],
    unread: int,
    *,
    top: int,
    allow: Path | None,
    role: str | None,
    weights: dict[str, float] | None,
) -> Found:
    from bedside.consult._similar.access import allowed_charts
    from bedside.consult.similar import similar

    charts = opened.charts()
    allowed = allowed_charts(charts, place, allow, role)
    own = opened.same(chart)
    compared = sum(no not in own and (allowed is None or no in allowed) for no, _ in charts)
    found = similar(opened, chart, top=top, allowed=allowed, weights=weights)
    # what the index holds beside what may be seen is not told to one who sees a part
    return Found(chart, found, compared, indexed if allowed is None else {}, unread, encoder, folder)


def _open(folder: Path, wanted: str | None, *, new: bool) -> tuple[ChartIndex, str]:
    """The index, with the encoder that it was made with or is to be made with."""
    from bedside.commands._knowledge.open import NONE
    from bedside.consult._similar.database import kept_encoder
    from bedside.consult.similar import ChartIndex
    from bedside.model.embedder import default_encoder, open_encoder

    kept = kept_encoder(folder)
    if kept is None and not new:
        raise UsageError(
            tr("no index of charts there", "该处没有病历索引"), value=str(folder), next="--among CHARTS --index DIR"
        )
    origin = wanted or (kept if kept is not None else default_encoder()) or NONE
    return ChartIndex(folder, None if origin == NONE else open_encoder(origin)), origin


def _one(path: Path, of: str | None) -> Chart:
    """The chart asked about, without identity."""
    from bedside.commands._diagnose.charts import Unread, chart_rows

    rows = [(id, chart) for id, chart, _ in chart_rows(path) if not isinstance(chart, Unread) and of in (None, id)]
    if not rows:
        what = tr("no chart of that id", "没有该编号的病历") if of else tr("no chart in this file", "文件中没有病历")
        raise DataError(what, where=path.name, value=of)
    if len(rows) > 1:
        raise UsageError(tr("which chart of the file?", "请指定文件中的病历"), where=path.name, next="--of ID")
    chart = rows[0][1]
    assert isinstance(chart, (Chart, RawChart))
    return chart if isinstance(chart, Chart) else _scrubbed(chart)


def _scrubbed(raw: RawChart) -> Chart:
    from bedside.consult._similar.chart import KEPT
    from bedside.deid import Policy, scrub

    return scrub(replace(raw, entries=tuple(one for one in raw.entries if one.kind in KEPT)), policy=Policy())


def _fresh(among: Path, unread: list[str]) -> Iterator[Chart]:
    """The charts to index, one at a time; IdentityError at the first that still holds identity."""
    from bedside.commands._diagnose.charts import Unread, chart_rows

    with progress(tr("indexing", "建立索引")) as advance:
        for _, chart, _ in chart_rows(among):
            if isinstance(chart, Unread):
                unread.append(f"{chart.where}: {chart.what}")
            elif isinstance(chart, RawChart):
                what = tr("charts to compare with must be without identity", "用于比较的病历须先去标识")
                steps = "bedside import FILES -o CHARTS.jsonl; bedside deidentify CHARTS.jsonl -o SAFE.jsonl"
                raise IdentityError(what, where=among.name, next=steps)
            else:
                yield chart
            advance()


def _weights(said: str | None) -> dict[str, float] | None:
    """Weights as typed; those not named are as they were."""
    from bedside.consult._similar.search import WEIGHTS

    if not said:
        return None
    found = dict(WEIGHTS)
    for part in said.split(","):
        name, _, number = part.partition("=")
        try:
            value = float(number)
        except ValueError:
            value = -1.0
        if name.strip() not in WEIGHTS or not 0 <= value < 1e6:
            what = tr("not a weight", "不是有效的权重")
            raise UsageError(what, where="--weights", value=part, allowed=", ".join(f"{one}=0.." for one in WEIGHTS))
        found[name.strip()] = value
    if not any(found.values()):
        raise UsageError(tr("all weights are 0", "权重不能全为 0"), where="--weights", value=said)
    return found


def _home_index() -> Path:
    from bedside.home import home

    return home() / "similar"


def _work() -> Path:
    from bedside.home import place

    return Path(place("work"))
