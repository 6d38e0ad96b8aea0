"""What the states and reasons of jobs are called, for people."""

from __future__ import annotations

from bedside.clinic.jobs.jobs import Job
from bedside.lang import tr

_STATES = {
    "queued": ("waits", "排队中"),
    "running": ("runs", "执行中"),
    "done": ("done", "已完成"),
    "partial": ("done in part", "部分完成"),
    "failed": ("failed", "失败"),
    "cancelled": ("cancelled", "已取消"),
}
_REASONS = {
    "worker_died": ("its worker died too often", "执行进程多次异常终止"),
    "worker_stopped": ("its worker was stopped", "执行进程已停止"),
    "exit_2": ("its input cannot be used", "输入无法使用"),
    "signal_9": ("killed, perhaps for want of memory", "被强制终止，可能内存不足"),
    "internal": ("a fault of ours", "内部错误"),
}


def state_said(job: Job) -> str:
    """The state, and the reason where there is one that the state does not say itself.

    >>> state_said(Job(id="j0", verb="fit", state="failed", reason="worker_died", created=0))
    'failed: its worker died too often'
    """
    if job.state == "running" and job.stopping:
        return tr("is being ended", "正在终止")
    said = tr(*_STATES[job.state])
    if not job.reason or job.reason == job.state:
        return said
    reason = tr(*_REASONS[job.reason]) if job.reason in _REASONS else job.reason
    return tr(f"{said}: {reason}", f"{said}：{reason}")
