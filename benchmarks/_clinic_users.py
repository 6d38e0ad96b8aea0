"""Users of the clinical server, in a process of their own: each thinks, asks, waits for the answer.

    python benchmarks/_clinic_users.py < job.json > answers.json

A job: `port`, `key`, `users`, `seconds`, `think` (mean of an exponential, cut at 12 s), `seed`, `patients` (how many
are made up), `ids` (ours, by number), `questions`, and `only` ("model call", "" for all).
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import resource
import sys
import time
from collections.abc import Iterator
from typing import Any

from _clinic_ward import Ask, Patient, as_bytes, consultation, made_up, model_call

LONGEST_THOUGHT_S = 12.0
KEPT_S = 4.0
"""A connection that was idle for longer is not used again: a server may be letting go of it (uvicorn: after 5 s)."""


async def load(job: dict[str, Any]) -> dict[str, Any]:
    """All users at once: every answer as [user, kind, status, ms], and the processor time that asking took."""
    patients = made_up(job["patients"])
    until = time.perf_counter() + job["seconds"]
    walks = (_user(number, patients, job, until) for number in range(job["users"]))
    answers = [one for walk in await asyncio.gather(*walks) for one in walk]
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {"answers": answers, "cpu_s": used.ru_utime + used.ru_stime}


async def _user(number: int, patients: list[Patient], job: dict[str, Any], until: float) -> list[tuple[Any, ...]]:
    draw, answers = random.Random(f"{job['seed']} {number}"), []
    await asyncio.sleep(draw.uniform(0, job["think"]))  # nobody starts in the same moment
    line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    spoken = 0.0
    for ask in _asks(draw, patients, job):
        await asyncio.sleep(min(draw.expovariate(1 / job["think"]), LONGEST_THOUGHT_S) * ask.thought)
        sent = as_bytes(ask, job["key"])
        if time.perf_counter() > until:
            break
        begun = time.perf_counter()
        if line is not None and (line[0].at_eof() or time.perf_counter() - spoken > KEPT_S):
            line[1].close()
            line = None
        try:
            line = line or await asyncio.open_connection("127.0.0.1", job["port"])
            status, kept = await _said(*line, sent)
        except (OSError, asyncio.IncompleteReadError):
            status, kept = 0, False
        spoken = time.perf_counter()
        answers.append((number, ask.kind, status, (spoken - begun) * 1e3))
        if not kept and line is not None:
            line[1].close()
            line = None
    return answers


def _asks(draw: random.Random, patients: list[Patient], job: dict[str, Any]) -> Iterator[Ask]:
    for _ in itertools.count():
        if job["only"]:
            yield model_call(draw)
        else:
            one = draw.choice(patients)
            yield from consultation(draw, one, job["ids"][one.number], job["questions"])


async def _said(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sent: bytes) -> tuple[int, bool]:
    """The status of an answer that came whole, and whether the connection stays open."""
    writer.write(sent)
    head = (await reader.readuntil(b"\r\n\r\n")).lower().split(b"\r\n")
    said = dict(line.split(b": ", 1) for line in head[1:] if b": " in line)
    await reader.readexactly(int(said.get(b"content-length", b"0")))
    return int(head[0].split()[1]), said.get(b"connection") != b"close"


if __name__ == "__main__":
    json.dump(asyncio.run(load(json.load(sys.stdin))), sys.stdout)
