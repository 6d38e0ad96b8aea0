"""Similar charts as a page: a card each, with the score of every component, what is shared, what differs, what came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bedside.evaluate.pages import fill
from bedside.lang import counted, tr


class Alike(Protocol):
    """What is shown of a similar chart."""

    @property
    def id(self) -> str: ...
    @property
    def score(self) -> float: ...
    @property
    def parts(self) -> Mapping[str, float]: ...
    @property
    def followed_days(self) -> int: ...
    @property
    def sex(self) -> str: ...
    @property
    def age_years(self) -> float | None: ...
    @property
    def shared(self) -> tuple[str, ...]: ...
    @property
    def only_here(self) -> tuple[str, ...]: ...
    @property
    def only_there(self) -> tuple[str, ...]: ...
    @property
    def shared_medicines(self) -> tuple[str, ...]: ...
    @property
    def labs(self) -> tuple[tuple[str, float, float, str, bool], ...]: ...
    @property
    def done(self) -> tuple[Any, ...]: ...
    @property
    def fared(self) -> tuple[Any, ...]: ...
    @property
    def died(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Card:
    """A similar chart in words: `parts` are name, score as written and in percent; `lists` are title and names."""

    id: str
    score: str
    about: str
    parts: list[tuple[str, str, int]]
    lists: list[tuple[str, list[str]]]


def cards(found: Sequence[Alike]) -> list[Card]:
    """In the language in force."""
    return [_card(one) for one in found]


def similar_page(found: Sequence[Alike], compared: int, chart: str, note: str) -> str:
    """The page."""
    en = f"{counted(compared, 'chart')} compared"
    about = tr(en, f"已比较 {compared} 份病历")
    return fill("similar.html", cards=cards(found), about=about, chart=chart, note=note)


def _card(one: Alike) -> Card:
    names = {
        "problems": tr("problems", "问题"),
        "text": tr("text", "文本"),
        "labs": tr("labs", "检验"),
        "course": tr("course", "病程"),
        "person": tr("person", "人口学"),
    }
    alike = [_lab(*lab[:4]) for lab in one.labs if lab[4]]
    unlike = [_lab(*lab[:4]) for lab in one.labs if not lab[4]]
    died = [_later(one.died)] if one.died else []
    lists = [
        (tr("shared problems", "共同问题"), list(one.shared)),
        (tr("only here", "仅本病历"), list(one.only_here)),
        (tr("only there", "仅对方病历"), list(one.only_there)),
        (tr("shared medicines", "共同用药"), list(one.shared_medicines)),
        (tr("labs alike (here, there)", "相近检验（本，对方）"), alike),
        (tr("labs that differ (here, there)", "不同检验（本，对方）"), unlike),
        (tr("done afterwards", "此后处理"), [_later(later) for later in one.done]),
        (tr("new problems afterwards", "此后新问题"), [_later(later) for later in one.fared]),
        (tr("died", "死亡"), died),
    ]
    return Card(
        id=one.id,
        score=f"{one.score:.2f}",
        about=_about(one),
        parts=[(names[name], f"{value:.2f}", round(100 * value)) for name, value in one.parts.items()],
        lists=[(title, named) for title, named in lists if named],
    )


def _about(one: Alike) -> str:
    sexes = {"male": tr("male", "男"), "female": tr("female", "女")}
    age = None if one.age_years is None else tr(f"{one.age_years:.0f} years", f"{one.age_years:.0f} 岁")
    en = f"compared as {counted(one.followed_days, 'day')} before its last entry"
    when = tr(en, f"按其末次记录前 {one.followed_days} 天时的情况比较")
    if one.followed_days == 0:
        when = tr("compared as at its last entry: nothing came after", "按其末次记录时的情况比较，此后无记录")
    return " · ".join(filter(None, (sexes.get(one.sex), age, when)))


def _later(later: Any) -> str:
    return tr(f"{later.name} (after {counted(later.days, 'day')})", f"{later.name}（{later.days} 天后）")


def _lab(name: str, here: float, there: float, unit: str) -> str:
    return f"{name} {here:.4g}, {there:.4g} {unit}".rstrip()
