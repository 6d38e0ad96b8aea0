"""Speed and memory of `bedside import` on synthetic FHIR NDJSON that this file makes: MB/s and peak memory by size.

    python benchmarks/import_speed.py                 # 1 GB at the end, after smaller sizes
    python benchmarks/import_speed.py --mb 8 64       # other sizes

Each size runs in a process of its own, so that its peak memory is its own; memory is flat when peaks do not grow with
the size. The records are drawn with a fixed seed: patients with 200 resources each, their lines in mixed order.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

SIZES_MB = (16, 64, 256, 1024)
RESOURCES_A_PATIENT = 200
OPEN_PATIENTS = 500
TESTS = (
    ("718-7", "Hemoglobin", "g/dL", 13.0),
    ("2345-7", "Glucose", "mg/dL", 98.0),
    ("2160-0", "Creatinine", "mg/dL", 0.9),
)
PROBLEMS = (("I10", "Essential hypertension"), ("E11.9", "Type 2 diabetes mellitus"), ("J45.9", "Asthma"))


def lines(size: int, seed: int = 0) -> Iterator[str]:
    """NDJSON lines of about `size` bytes: patients come and go, resources of many patients lie between each other."""
    draw = random.Random(seed)
    written = number = 0
    active: list[list[int]] = []
    while written < size:
        if len(active) < OPEN_PATIENTS:
            active.append([number, 0])
            line = json.dumps(_patient(number))
            number += 1
        else:
            at = draw.randrange(len(active))
            active[at][1] += 1
            line = json.dumps(_resource(*active[at], draw))
            if active[at][1] >= RESOURCES_A_PATIENT:
                active.pop(at)
        written += len(line) + 1
        yield line + "\n"


def _patient(number: int) -> dict[str, object]:
    name = {"family": f"Family{number}", "given": [f"Given{number}"]}
    sex = "male" if number % 2 else "female"
    return {"resourceType": "Patient", "id": f"p{number}", "name": [name], "gender": sex, "birthDate": "1960-05-01"}


def _resource(patient: int, count: int, draw: random.Random) -> dict[str, object]:
    subject = {"reference": f"Patient/p{patient}"}
    when = f"20{draw.randrange(10, 25)}-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}T08:00:00Z"
    shared = {"id": f"r{patient}-{count}", "subject": subject}
    if count % 20 == 0:
        code, display = draw.choice(PROBLEMS)
        coding = [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": code, "display": display}]
        return {"resourceType": "Condition", **shared, "code": {"coding": coding}, "onsetDateTime": when}
    code, display, unit, centre = draw.choice(TESTS)
    return {
        "resourceType": "Observation",
        **shared,
        "status": "final",
        "category": [
            {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "laboratory"}]}
        ],
        "code": {"coding": [{"system": "http://loinc.org", "code": code, "display": display}], "text": display},
        "effectiveDateTime": when,
        "valueQuantity": {"value": round(draw.gauss(centre, 0.1 * centre), 2), "unit": unit},
    }


def measure(megabytes: int, folder: Path) -> tuple[float, float, int, float]:
    """`(seconds, peak MB, charts, input MB)` of one import in a child process."""
    source = folder / "records.ndjson"
    with source.open("w") as out:
        out.writelines(lines(megabytes * 1_000_000))
    code = (
        "import resource, sys; sys.argv = ['bedside', *sys.argv[1:]]\n"
        "from bedside.cli import main\n"
        "try: main()\n"
        "finally: print('peak', resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    command = [sys.executable, "-c", code, "import", str(source), "-o", str(folder / "charts.jsonl"), "--json"]
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(done.stderr)
    *_, report, peak = done.stdout.strip().splitlines()
    unit = 2**20 if sys.platform == "darwin" else 2**10
    size = source.stat().st_size / 1e6
    return seconds, int(peak.split()[1]) / unit, json.loads(report)["totals"]["charts"], size


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--mb", type=int, nargs="+", default=SIZES_MB, help="sizes of the input in MB")
    arguments.add_argument("--folder", type=Path, help="where to write; a temporary folder unless given")
    chosen = arguments.parse_args()
    print(f"{'input MB':>9} {'seconds':>8} {'MB/s':>6} {'peak MB':>8} {'charts':>7}")
    for megabytes in chosen.mb:
        with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
            seconds, peak, charts, size = measure(megabytes, Path(folder))
        print(f"{size:9.0f} {seconds:8.1f} {size / seconds:6.1f} {peak:8.0f} {charts:7}", flush=True)


if __name__ == "__main__":
    main()
