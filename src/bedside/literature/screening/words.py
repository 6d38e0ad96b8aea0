"""What the stopping rule and the random draw say, in sentences of the user's language; bounds are rounded down."""

from __future__ import annotations

from math import floor

from bedside.lang import counted, tr
from bedside.literature.screening.review import Certificate
from bedside.literature.screening.stopping import Stop, first_miss

EARLY = 0.25
"""Below this estimate of recall none is said: the papers read last are too few to bound anything."""


def share(value: float) -> str:
    """A share in whole per cent, never more than it is.

    >>> share(0.9499), share(1.0)
    ('94 %', '100 %')
    """
    return f"{floor(100 * value + 1e-9)} %"


def stop_lines(stop: Stop) -> list[str]:
    """How far it is, the recall with its bound, and whether to stop."""
    en, zh = (
        f"read {stop.read} of {stop.total}, found {stop.found}",
        f"已读 {stop.read}/{stop.total}，找到 {stop.found}",
    )
    lines, sure = [tr(en, zh)], f"{stop.confidence:g}"
    if stop.recall is None or stop.low is None:
        return [*lines, tr("nothing relevant yet: no rule can say stop", "尚未找到相关文献，无法判定停止")]
    if stop.recall < EARLY:
        en = f"too early to tell the recall: up to {stop.missed} relevant papers may still be unread"
        return [*lines, tr(en, f"尚早，无法估计召回率：未读中至多可能有 {stop.missed} 篇相关")]
    en = f"recall about {share(stop.recall)}, at least {share(stop.low)} at confidence {sure}; "
    en += f"at most {counted(stop.missed, 'relevant paper')} still unread"
    zh = f"召回率约 {share(stop.recall)}，置信度 {sure} 下至少 {share(stop.low)}；未读中至多还有 {stop.missed} 篇相关"
    lines.append(tr(en, zh))
    p, order, wanted = f"{stop.p:.3f}", f"{stop.order_p:.3f}", f"{1 - stop.confidence:.3g}"
    if stop.may_stop:
        en = f"you may stop: the target of {share(stop.target)} is met (p = {p})"
        return [*lines, tr(en, f"可以停止：已达到目标召回率 {share(stop.target)}（p = {p}）")]
    if stop.p < 1 - stop.confidence:
        en = f"read on, or draw at random (--random): the order is not yet shown to be better than chance (p = {order})"
        return [*lines, tr(en, f"请继续，或改用随机抽样（--random）：尚未证明排序优于随机（p = {order}）")]
    least = first_miss(stop.found, stop.target)
    en = f"read on: {least} or more relevant papers may be unread (p = {p}, wanted below {wanted})"
    return [*lines, tr(en, f"请继续：未读中可能还有 {least} 篇或更多相关文献（p = {p}，须低于 {wanted}）")]


def certificate_lines(certificate: Certificate | None) -> list[str]:
    """What the random draw proves, in a sentence; nothing where none was begun."""
    if certificate is None:
        return []
    of, drawn, found = certificate.urn, certificate.drawn, certificate.found
    least = "-" if certificate.low is None else share(certificate.low)
    en = f"random draw: {drawn} of {of} read, {found} relevant; recall at least {least}, whatever the order before; "
    zh = f"随机抽样：{of} 篇中已读 {drawn} 篇，相关 {found} 篇；无论此前顺序如何，召回率至少 {least}；"
    stop = certificate.may_stop
    return [tr(en + ("you may stop" if stop else "read on"), zh + ("可以停止" if stop else "请继续"))]
