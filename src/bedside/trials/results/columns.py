"""Which columns of a results table are which: names that tables of studies and of patients use, in two languages."""

from __future__ import annotations

import re
from collections.abc import Iterable

_NAMES = {
    "study": "study studlab trial author name 研究 作者 试验",
    "events_treated": "events_treated event_e e1 ai tpos events1 ev_trt 试验组事件 治疗组事件 试验组事件数",
    "n_treated": "n_treated n_e n1 n1i n_trt treated_n total1 试验组人数 治疗组人数 试验组例数",
    "events_control": "events_control event_c e2 ci cpos events2 control_events ev_ctl 对照组事件 对照组事件数",
    "n_control": "n_control n_c n2 n2i n_ctl control_n total2 对照组人数 对照组例数",
    "mean_treated": "mean_treated mean_e mean1 m1i m1 试验组均值 治疗组均值",
    "sd_treated": "sd_treated sd_e sd1 sd1i 试验组标准差 治疗组标准差",
    "mean_control": "mean_control mean_c mean2 m2i m2 对照组均值",
    "sd_control": "sd_control sd_c sd2 sd2i 对照组标准差",
    "effect": "effect estimate value te yi hr or rr rd md smd 效应 效应值 估计值",
    "low": "low lower ci_low lcl ci_lower lower_ci ll 下限 区间下限",
    "high": "high upper ci_high ucl ci_upper upper_ci ul 上限 区间上限",
    "measure": "measure metric sm 指标 效应指标",
    "time": "time days months years survival_time os pfs t 时间 生存时间 随访时间",
    "event": "event status died death relapse dead 事件 结局 死亡 复发",
    "arm": "arm group treatment trt rx allocation 组别 分组 治疗",
    "outcome": "outcome response responder y change 疗效 结果 变化值",
    "n": "n total patients 例数 人数 样本量",
}
_KINDS = (
    ("counts", ("study", "events_treated", "n_treated", "events_control", "n_control")),
    (
        "means",
        ("study", "mean_treated", "sd_treated", "n_treated", "mean_control", "sd_control", "n_control"),
    ),
    ("effects", ("study", "effect", "low", "high")),
    ("times", ("time", "event", "arm")),
    ("outcomes", ("outcome", "arm")),
)
"""What a table holds, by the columns it needs, the first that fits."""


def column_map(columns: Iterable[str], named: dict[str, str] | None = None) -> dict[str, str]:
    """Our name to the table's, of every column that is known; `named` says some of them.

    >>> column_map(["Study", "e1", "n1", "e2", "n2"])["events_control"]
    'e2'
    """
    there = {_plain(one): one for one in columns}
    found = {
        ours: there[theirs] for ours, names in _NAMES.items() for theirs in reversed(names.split()) if theirs in there
    }
    return found | (named or {})


def kind_of(found: Iterable[str]) -> str:
    """What the table holds: counts, means, effects, times or outcomes; "" where no set of columns is whole."""
    known = set(found)
    return next((kind for kind, needed in _KINDS if known.issuperset(needed)), "")


def needed() -> list[str]:
    """The sets of columns, to be told to a user."""
    return [f"{kind}: {', '.join(columns)}" for kind, columns in _KINDS]


def _plain(name: str) -> str:
    return re.sub(r"[\s.\-]+", "_", name.strip().lower())
