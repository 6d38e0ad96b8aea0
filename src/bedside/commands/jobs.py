"""Background jobs of a clinical server: add, list, show, cancel, work | 临床服务的后台作业：新增、列出、取消、执行"""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from bedside.commands._clinic_open import DatabaseUrl, DataFolder, KeyFile, audited, opened, who_is_here
from bedside.commands._io import JsonFlag, emit_json, say
from bedside.commands._jobs_view import print_job, print_jobs
from bedside.errors import UsageError
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.clinic.jobs.jobs import Job
    from bedside.clinic.open import Clinic

COMMAND = typer.Typer(
    add_completion=False,
    help=tr("Background jobs of a clinical server", "临床服务的后台作业"),
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
JobId = Annotated[str, typer.Argument(metavar="JOB", help=tr("The job's id", "作业编号"))]


@COMMAND.command(context_settings={"allow_interspersed_args": False})
def add(
    data: DataFolder,
    verb: Annotated[str, typer.Argument(help=tr("fit, import, evaluate, ...", "fit、import、evaluate 等"))],
    words: Annotated[list[str], typer.Argument(metavar="WORDS...", help=tr("What follows the verb", "命令的参数"))],
    register: Annotated[
        str,
        typer.Option(
            metavar="NAME", help=tr("Make its output a candidate of this model", "将输出登记为该模型的候选版本")
        ),
    ] = "",
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    json: JsonFlag = False,
) -> None:
    """Queue a run of another verb; its files lie in DIR/work, and paths are relative to that folder.

    `bedside jobs add --data DIR fit train.csv --text note --label triage -o triage`
    """
    from bedside.clinic.jobs.jobs import shown

    with opened(data, database, key_file) as clinic:
        then = {"register": register} if register else {}
        job = clinic.jobs.add(verb, words, by=who_is_here(), then=then)
        audited(clinic, "jobs.add", job=job.id, verb=verb)
    emit_json(shown(job)) if json else say(tr(f"queued: {job.id}", f"已排队：{job.id}"))


@COMMAND.command("list")
def list_(
    data: DataFolder,
    state: Annotated[str, typer.Option(help="queued, running, done, partial, failed, cancelled")] = "",
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    json: JsonFlag = False,
) -> None:
    """List the jobs, the newest first."""
    from bedside.clinic.jobs.jobs import shown

    with opened(data, database, key_file) as clinic:
        found = clinic.jobs.all(state=state)
    if json:
        emit_json({"jobs": [shown(job) for job in found]})
        return
    print_jobs(found)


@COMMAND.command()
def show(
    job_id: JobId, data: DataFolder, database: DatabaseUrl = None, key_file: KeyFile = None, json: JsonFlag = False
) -> None:
    """One job: what it was told, how far it is, what it gave."""
    from bedside.clinic.jobs.jobs import shown

    with opened(data, database, key_file) as clinic:
        job = _known(clinic.jobs.get(job_id), job_id)
    if json:
        emit_json({**shown(job), "words": job.words, "result": job.result})
        return
    print_job(job)


@COMMAND.command()
def cancel(
    job_id: JobId, data: DataFolder, database: DatabaseUrl = None, key_file: KeyFile = None, json: JsonFlag = False
) -> None:
    """End a job: at once where it waits; where it runs, its processes are ended within seconds."""
    from bedside.clinic.jobs.jobs import shown

    with opened(data, database, key_file) as clinic:
        _known(clinic.jobs.get(job_id), job_id)
        audited(clinic, "jobs.cancel", job=job_id)
        job = _known(clinic.jobs.cancel(job_id), job_id)
    emit_json(shown(job)) if json else say(
        tr("cancelled", "已取消")
        if job.state == "cancelled"
        else tr(f"asked to end: {job.state}", f"已请求结束：{job.state}")
    )


@COMMAND.command()
def work(
    data: DataFolder,
    once: Annotated[bool, typer.Option("--once", help=tr("End when none waits", "无待办时结束"))] = False,
    lease: Annotated[
        float, typer.Option(min=1, max=600, help=tr("Seconds of silence until it counts as dead", "失联多少秒视为终止"))
    ] = 15.0,
    beside: Annotated[
        bool, typer.Option("--beside", help=tr("End when standard input does", "标准输入关闭时结束"), hidden=True)
    ] = False,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    json: JsonFlag = False,
) -> None:
    """Run jobs one after another until stopped; a job under way is then kept for the next worker."""
    with opened(data, database, key_file) as clinic:
        taken = _work(clinic, lease, once=once, beside=beside)
    emit_json({"taken": taken}) if json else say(tr(f"{taken} jobs taken", f"已执行 {taken} 个作业"), quiet=True)


def _work(clinic: Clinic, lease_s: float, *, once: bool, beside: bool) -> int:
    import logging
    from functools import partial

    from bedside.clinic.jobs.after import after
    from bedside.clinic.jobs.turns import Turns
    from bedside.clinic.jobs.worker import Worker

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    worker = Worker(Turns(clinic.jobs, lease_s), clinic.audit, partial(after, clinic.models))
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda number, frame: worker.stop())
    if beside:
        _end_with_input(worker.stop)
    return worker.run(once=once)


def _end_with_input(stop: Callable[[], None]) -> None:
    """Call `stop` when whoever started this worker has gone, in whatever way."""
    import os
    import threading

    def listen() -> None:
        while os.read(0, 1):
            pass
        stop()

    threading.Thread(target=listen, daemon=True).start()


def _known(job: Job | None, id: str) -> Job:
    if job is None:
        raise UsageError(tr("no such job", "没有该作业"), value=id, next="bedside jobs list --data DIR")
    return job
