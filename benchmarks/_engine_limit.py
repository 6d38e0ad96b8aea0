"""What the engine gives without HTTP and without removing identity: texts a second on one thread, and on one a core.

A text is counted from its characters to its prediction: tokenized, run, calibrated, decided; one text a call.
"""

from __future__ import annotations

import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path

from bedside.model.folder import Model, open_model


def rate(model: Model, texts: list[str], threads: int, seconds: float) -> float:
    """Texts a second; each thread answers one text after the other, as a lone client would ask."""

    def work(number: int) -> int:
        done, until = 0, time.perf_counter() + seconds
        for text in cycle(texts[number:] + texts[:number]):
            model.predict([text])
            done += 1
            if time.perf_counter() > until:
                return done
        return done

    begun = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        total = sum(pool.map(work, range(threads)))
    return total / (time.perf_counter() - begun)


if __name__ == "__main__":
    small = open_model(sys.argv[1])
    notes = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    lasting, cores = float(sys.argv[3]), len(os.sched_getaffinity(0))
    small.predict(notes[:8])
    before = time.process_time()
    one = rate(small, notes, 1, lasting)
    per_core_second = one * lasting / (time.process_time() - before)
    found = {
        "one": one,
        "all": rate(small, notes, cores, lasting),
        "threads": cores,
        "per_core_second": per_core_second,
    }
    print(json.dumps(found))
