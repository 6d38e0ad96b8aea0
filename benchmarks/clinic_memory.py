"""Memory of the clinical server by kind of request: MiB for each 1,000, asked over forty connections at once.

    python benchmarks/clinic_memory.py [--requests 3000] [--connections 40] [--patients 60] [--kinds "card model call"]
        [--before OTHER/src]

Each kind has a fresh server, so that none is warmed by another. Memory is read from outside every fortieth of the
requests: the process' own, and apart from it the pages of mapped files, which the system takes back when it wants.
The first half may warm up; the slope of the second half is the figure (Theil-Sen, 95 %). Requests are counted, not
minutes: a busy machine changes nothing. Bar: below 1 MiB.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from _ask_sets import items, library, rows
from _clinic_users import _said
from _clinic_ward import Ask, Patient, as_bytes, consultation, made_up
from _clinic_watch import growth, held_mib
from clinic import DOCUMENTS, HERE, _clinic

SAMPLES = 40
KINDS = (
    "mix",
    "card",
    "page",
    "issues of a chart",
    "guard, own words",
    "chart",
    "search",
    "import",
    "ask",
    "chat",
    "model call",
    "$analyze",
    "$differential",
)
Samples = list[tuple[float, float, float]]


def main() -> None:
    """A table, a row a kind and server."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--requests", type=int, default=3000)
    words.add_argument("--connections", type=int, default=40)
    words.add_argument("--patients", type=int, default=60)
    words.add_argument("--kinds", nargs="*", choices=KINDS, default=KINDS)
    words.add_argument("--before", type=Path, help="src folder of another tree, measured after this one")
    asked = words.parse_args()
    trees = {"now": HERE.parent / "src", **({"before": asked.before} if asked.before else {})}
    print(
        f"{'kind':20} {'server':7} {'first':>7} {'half':>7} {'last':>7} {'files':>7} {'half':>7} {'last':>7} errors; "
        "MiB each 1,000 of the second half, without files"
    )
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        some = rows("dev")[:DOCUMENTS]
        library(place / "library", list(items(some))).close()
        questions = [row["question"] for row in some]
        for number, (kind, (name, tree)) in enumerate(itertools.product(asked.kinds, trees.items())):
            with _clinic(f"{number}", tree, place, asked) as server:
                samples, errors = asyncio.run(_driven(server, kind, asked, questions))
            print(_row(kind, name, samples, errors), flush=True)


def _row(kind: str, name: str, samples: Samples, errors: int) -> str:
    first, half, last = (samples[at] for at in (0, len(samples) // 2, -1))
    told = f"{kind:20} {name:7} {first[1]:7.0f} {half[1]:7.0f} {last[1]:7.0f}"
    told += f" {first[2]:7.0f} {half[2]:7.0f} {last[2]:7.0f} {errors:6}"
    slope = growth([(at, own) for at, own, _ in samples], 1000, 0.5)
    return f"{told}; {'{:+.2f} ({:+.2f} to {:+.2f})'.format(*slope) if slope else 'too few'}"


async def _driven(server: dict, kind: str, asked: argparse.Namespace, questions: list[str]) -> tuple[Samples, int]:
    """Memory by the number of requests answered, and how many were refused."""
    patients, left = made_up(asked.patients), itertools.count()
    samples: Samples = []
    errors = 0

    async def user(number: int) -> None:
        nonlocal errors
        draw = random.Random(f"{number} {kind}")
        line = await asyncio.open_connection("127.0.0.1", server["port"])
        for ask in _asks(draw, kind, patients, server["ids"], questions):
            if (at := next(left)) >= asked.requests:
                break
            status, kept = await _said(*line, as_bytes(ask, server["key"]))
            errors += status >= 400
            if not kept:
                line[1].close()
                line = await asyncio.open_connection("127.0.0.1", server["port"])
            if at % max(1, asked.requests // SAMPLES) == 0:
                samples.append((float(at), *held_mib(server["pid"])))
        line[1].close()

    await asyncio.gather(*(user(number) for number in range(asked.connections)))
    return sorted(samples), errors


def _asks(
    draw: random.Random, kind: str, patients: list[Patient], ids: dict[str, str], questions: list[str]
) -> Iterator[Ask]:
    """Requests of one kind out of consultations, which hold all; or consultations as they are (`mix`)."""
    of_chart: dict[str, Callable[[str], Ask]] = {
        name: lambda id, name=name: Ask(name, "GET", f"/fhir/Patient/{id}/{name}")  # type: ignore[misc]
        for name in ("$analyze", "$differential")
    }
    while True:
        one = draw.choice(patients)
        if kind in of_chart:
            yield of_chart[kind](ids[one.number])
            continue
        for ask in consultation(draw, one, ids[one.number], questions):
            if kind in ("mix", ask.kind) or ask.kind.startswith(f"{kind}, "):
                yield ask


if __name__ == "__main__":
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    main()
