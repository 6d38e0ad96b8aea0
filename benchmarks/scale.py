"""Requests a second and latency of `bedside serve` with its model in the process and on Ray, on one machine.

    python benchmarks/scale.py SMALL [--data NOTES.jsonl] [--seconds 6] [--rounds 3]

SMALL is a folder made by `bedside compress MODEL`. All servers run throughout and are loaded in turns, round by round,
so that what else the machine does falls on each alike; the ratio is taken within a round. "A core-second" is CPU time
of a server with all that it started. On one machine Ray can gain nothing but a replica's survival: the cores are the
same, and every question crosses to another process. What it is for, more machines, cannot be measured here.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from serving import _free_port, _wait, cpu_seconds, load, read_texts

CLIENTS = (1, 8, 32)
ENGINES = {
    "local": [],
    "ray, 1 replica": ["--engine", "ray", "--replicas", "1"],
    "ray, 2 replicas": ["--engine", "ray", "--replicas", "2"],
}


@dataclass(frozen=True)
class Server:
    """A running server."""

    process: subprocess.Popen[bytes]
    port: int

    def cpu_seconds(self) -> float:
        """CPU time of its process and of all that descend from it (Linux)."""
        return sum(cpu_seconds(pid) for pid in [self.process.pid, *_descendants(self.process.pid)])


def main() -> None:
    """Load the servers in turns and print one table."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("small", type=Path)
    words.add_argument("--data", type=Path, help="JSONL with a text field; without it, made-up findings")
    words.add_argument("--seconds", type=float, default=6.0, help="per cell")
    words.add_argument("--rounds", type=int, default=3)
    words.add_argument("--json", action="store_true")
    asked = words.parse_args()
    texts = read_texts(asked.data)
    with tempfile.TemporaryDirectory() as place, ExitStack() as open_ones:
        servers = {name: _started(asked.small, flags, Path(place), open_ones) for name, flags in ENGINES.items()}
        for server in servers.values():
            _wait(server.port, "/v1/predict", texts[0], server.process)
        rounds = [
            {
                name: [_cell(server, texts, clients, asked.seconds) for clients in CLIENTS]
                for name, server in servers.items()
            }
            for _ in range(asked.rounds)
        ]
    print(json.dumps(rounds) if asked.json else as_table(rounds))


def _started(small: Path, flags: list[str], place: Path, open_ones: ExitStack) -> Server:
    port = _free_port()
    audit = place / f"{port}.jsonl"
    words = ["serve", str(small), "--no-auth", "--rate", "0", "--audit", str(audit), "--port", str(port), *flags]
    process = subprocess.Popen([sys.executable, "-m", "bedside", *words], stderr=subprocess.DEVNULL)
    open_ones.callback(process.wait, 30)
    open_ones.callback(process.terminate)
    return Server(process, port)


def _cell(server: Server, texts: list[str], clients: int, seconds: float) -> dict[str, float]:
    before = server.cpu_seconds()
    found = asyncio.run(load(server.port, "/v1/predict", texts, clients, seconds))
    return {**found, "clients": clients, "per_core_second": found["n"] / (server.cpu_seconds() - before)}


def _descendants(pid: int) -> list[int]:
    """The processes that descend from one."""
    found = [
        int(one) for task in Path(f"/proc/{pid}/task").iterdir() for one in (task / "children").read_text().split()
    ]
    return found + [below for one in found for below in _descendants(one)]


def as_table(rounds: list[dict[str, list[dict[str, float]]]]) -> str:
    """A row an engine and number of clients: medians over the rounds, the ratio to local with its least and most."""
    lines = [
        f"| engine | clients | a second | of local, {len(rounds)} rounds | p50 ms | p99 ms | a core-second |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in ENGINES:
        for number, clients in enumerate(CLIENTS):
            cells = [one[name][number] for one in rounds]
            ratios = [one[name][number]["per_second"] / one["local"][number]["per_second"] for one in rounds]
            middle = {key: statistics.median(cell[key] for cell in cells) for key in cells[0]}
            ratio = f"{statistics.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})"
            figures = [f"{middle[key]:.1f}" for key in ("p50_ms", "p99_ms", "per_core_second")]
            lines.append(" | ".join([f"| {name}", str(clients), f"{middle['per_second']:.0f}", ratio, *figures]) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
