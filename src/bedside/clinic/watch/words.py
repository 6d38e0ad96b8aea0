"""What alerts, checks and figures are called, in both languages; of an alert a sentence with its numbers."""

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
        "{subject} has changed (PSI {psi}, by chance {by_chance}, p {p})",
        "{subject}的分布已变化（PSI {psi}，随机期望 {by_chance}，p {p}）",
    ),
    "drifted_together": ("{subject} have changed (MMD² {mmd}, p {p})", "{subject}分布已变化（MMD² {mmd}，p {p}）"),
    "worse": (
        "{subject} was {before} and is {now} (p {p}, n {n})",
        "{subject}由 {before} 变为 {now}（p {p}，n {n}）",
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

CHECKS = {
    "service": ("the server", "服务"),
    "drift": ("drift", "漂移"),
    "outcomes": ("outcomes", "真实结果"),
    "overrides": ("cards set aside", "卡片未采纳"),
    "reevaluate": ("measuring anew", "重新评估"),
    "refit": ("teaching anew", "重新训练"),
    "measured": ("what was measured", "评估结果"),
}
COLUMNS = {
    "kind": ("answered or withheld", "作答情况"),
    "label": ("label", "标签"),
    "confidence": ("confidence", "置信度"),
    "probabilities": ("chances of all labels together", "各标签概率的整体"),
    "length": ("length of the text", "文本长度"),
    "language": ("language", "语言"),
}
FIGURES = {
    "accuracy": ("accuracy", "准确率"),
    "macro_f1": ("macro F1", "宏平均 F1"),
    "auroc": ("AUROC", "AUROC"),
    "brier": ("Brier score", "Brier 分数"),
    "ece": ("calibration error", "校准误差"),
}


def name_of(word: str) -> str:
    """A check, a column or a figure in the language in force; a word that is none of ours (a model, a group) as it is.

    >>> name_of("ece"), name_of("triage")
    ('calibration error', 'triage')
    """
    for names in (CHECKS, COLUMNS, FIGURES):
        if word in names:
            return tr(*names[word])
    return word


def said(code: str, subject: str, detail: Mapping[str, Any]) -> str:
    """An alert in the language in force; what it says of a code that is not known is the code.

    >>> said("audit_failed", "", {"times": 3})
    'the audit log could not be written 3 times'
    """
    template = tr(*SAID[code]) if code in SAID else code
    about = " ".join(map(name_of, subject.split(" ")))
    return template.format_map(_Known({"subject": about, **detail}))


class _Known(dict[str, Any]):
    """A number that an older alert did not note is a dash."""

    def __missing__(self, key: str) -> str:
        return "-"
