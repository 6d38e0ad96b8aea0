"""What alerts say, in both languages; a code a sentence, with the numbers that the check found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bedside.lang import tr

SAID = {
    "test": ("This is a test: messages of alerts arrive.", "测试消息：告警通道正常。"),
    "errors": (
        "{errors} of {requests} requests failed by our own fault",
        "{requests} 个请求中有 {errors} 个因系统故障失败",
    ),
    "slow": ("the 95th percentile of answers is {p95_s} s or more", "响应时间 95 分位数不低于 {p95_s} 秒"),
    "guard_failed": (
        "the guard {subject} could not be asked {times} times",
        "检查“{subject}”有 {times} 次未能执行",
    ),
    "audit_failed": ("the audit log could not be written {times} times", "审计日志有 {times} 次无法写入"),
    "drifted": (
        "{subject}: {column} has changed (PSI {psi}, by chance {by_chance}, p {p})",
        "{subject}：{column} 的分布已变化（PSI {psi}，随机期望 {by_chance}，p {p}）",
    ),
    "worse": (
        "{subject}: {figure} was {before} and is {now} (p {p}, n {n})",
        "{subject}：{figure} 由 {before} 变为 {now}（p {p}，n {n}）",
    ),
    "group_worse": (
        "{subject}: right for {now} of this group, {others} of the others (p {p}, n {n})",
        "{subject}：该组正确率 {now}，其余 {others}（p {p}，n {n}）",
    ),
    "overridden": (
        "cards of the rule {subject} were set aside {overridden} of {told} times",
        "规则 {subject} 的卡片 {told} 次中有 {overridden} 次未被采纳",
    ),
    "check_failed": ("the check {subject} broke (error {error_id})", "检查“{subject}”运行失败（错误 {error_id}）"),
}


def said(code: str, subject: str, detail: Mapping[str, Any]) -> str:
    """An alert in the language in force; what it says of a code that is not known is the code.

    >>> said("audit_failed", "", {"times": 3})
    'the audit log could not be written 3 times'
    """
    template = tr(*SAID[code]) if code in SAID else code
    return template.format_map(_Known({"subject": subject, **detail}))


class _Known(dict[str, Any]):
    """A number that an older alert did not note is a dash."""

    def __missing__(self, key: str) -> str:
        return "-"
