"""From nothing to a first page: seconds to /readyz, to a page and to a first card; what is imported meanwhile.

    python benchmarks/cold_start.py [--runs 10] [--install]

Each run is a new process, `bedside serve --demo --json` on a fresh folder, files in the page cache. Wall clock and the
process's own processor time. `--install` first makes a new environment, installs this tree into it with pip (from the
package index or pip's cache, whichever pip takes), and starts the server from there.
Bars: /readyz below 5 s; installation and first page below 3 minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from _clinic_ward import consultation, made_up
from _clinic_watch import cpu_seconds

ROOT = Path(__file__).resolve().parents[1]
_IMPORT = re.compile(r"import time:\s+(\d+) \|\s+\d+ \| +([\w.]+)")
SHOWN = 12


def main() -> None:
    """Start, ask, stop; again and again; print a table."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--runs", type=int, default=10)
    words.add_argument("--install", action="store_true")
    asked = words.parse_args()
    if asked.install:
        _installed()
    runs = [_started(sys.executable, {"PYTHONPATH": str(ROOT / "src")}) for _ in range(asked.runs)]
    print(f"{len(runs)} starts{'':18} median   most  seconds")
    for name in runs[0]:
        times = [one[name] for one in runs]
        print(f"{name:28} {statistics.median(times):6.2f} {max(times):6.2f}")
    print("imports by package, seconds of one start (measuring slows them):")
    for package, seconds in _imports()[:SHOWN]:
        print(f"  {package:26} {seconds:6.3f}")


def _started(python: str, more: dict[str, str]) -> dict[str, float]:
    """One start: when each first thing was there, and the processor time until ready."""
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, **more}
        begun = time.perf_counter()
        command = [python, "-m", "bedside", "serve", "--demo", "--json", "--port", "0", "--data", f"{home}/data"]
        server = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            told = json.loads(server.stdout.readline())
            found = {}
            for name, path in (("/readyz", "/readyz"), ("first page", "/login")):
                _ask(told, path)
                found[name] = time.perf_counter() - begun
                found.setdefault("processor until /readyz", cpu_seconds(server.pid))
            _card(told)
            return {**found, "first card": time.perf_counter() - begun}
        finally:
            server.terminate()
            server.wait(300)


def _card(told: dict[str, Any]) -> None:
    import random

    (one,) = made_up(1)
    card = next(ask for ask in consultation(random.Random(0), one, "", []) if "card" in ask.kind)
    _ask(told, card.path, card.body)


def _ask(told: dict[str, Any], path: str, body: dict[str, Any] | None = None) -> None:
    headers = {"x-api-key": told["api_key"], "content-type": "application/json"}
    sent = Request(told["url"] + path, json.dumps(body).encode() if body else None, headers)
    urlopen(sent, timeout=60).close()


def _imports() -> list[tuple[str, float]]:
    """The packages that a start imports, by the time of their own modules, the longest first."""
    packages: dict[str, float] = defaultdict(float)
    with tempfile.TemporaryFile("w+") as told:
        words = [sys.executable, "-X", "importtime", "-m", "bedside", "serve", "--demo", "--json", "--port", "0"]
        env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
        server = subprocess.Popen(words, env=env, stdout=subprocess.PIPE, stderr=told, text=True)
        assert server.stdout is not None
        server.stdout.readline()
        until = os.fstat(told.fileno()).st_size
        server.terminate()
        server.wait(300)
        told.seek(0)
        for own, name in _IMPORT.findall(told.read(until)):
            packages[name.partition(".")[0]] += int(own) / 1e6
    return sorted(packages.items(), key=lambda pair: -pair[1])


def _installed() -> None:
    with tempfile.TemporaryDirectory() as place:
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-m", "venv", f"{place}/env"], check=True)
        python = f"{place}/env/bin/python"
        subprocess.run([python, "-m", "pip", "install", "-q", str(ROOT)], check=True)
        installed = time.perf_counter() - begun
        first = _started(python, {"PYTHONPATH": ""})
        print(f"pip install {installed:.0f} s, first page {first['first page']:.1f} s after")


if __name__ == "__main__":
    main()
