"""What the process itself keeps count of, for Prometheus: lookups in its memories, connections out that it refused."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from bedside.clinic import outbound

MEMORIES = {
    "question": ("bedside.library._question.kinds", "kinds_asked"),
    "heading": ("bedside.library._question.kinds", "kinds_headed"),
}
"""Module and function of each memory, by what is remembered; one whose module nobody needed yet is not there."""


class ProcessFigures(Collector):
    """Reads the counts that are kept anyway, whenever the figures are read.

    >>> [one.name for one in ProcessFigures().collect()]
    ['bedside_cache_lookups', 'bedside_outbound_refused']
    """

    def collect(self) -> Iterator[CounterMetricFamily]:
        """Lookups of each memory that were answered from it (hit) or worked out (miss); connections refused."""
        lookups = CounterMetricFamily(
            "bedside_cache_lookups", "Lookups in memory, found or worked out", labels=("cache", "outcome")
        )
        for name, (module, function) in MEMORIES.items():
            if module in sys.modules:
                counted = getattr(sys.modules[module], function).cache_info()
                lookups.add_metric((name, "hit"), counted.hits)
                lookups.add_metric((name, "miss"), counted.misses)
        yield lookups
        says = "Connections out that were not on the list"
        yield CounterMetricFamily("bedside_outbound_refused", says, value=outbound.refused())
