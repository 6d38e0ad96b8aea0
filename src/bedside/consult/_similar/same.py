"""Whether a chart is known: one hash changes with all that it says, one of its events knows it under any id."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace

from bedside.charts import chart_to_json
from bedside.consult._similar.chart import KEPT, story_of
from bedside.types import Chart

_VARIES = re.compile(r"\[[^\]]*\]|[\W\d_]+")
"""What scrubbing a text again may write otherwise."""
TELLING = 6
"""So many events tell a patient from all others; with fewer, the id alone does."""


def trimmed(chart: Chart) -> Chart:
    """The chart without what is not compared or shown."""
    return replace(chart, entries=tuple(one for one in chart.entries if one.kind in KEPT))


def chart_hash(chart: Chart) -> str:
    """What changes with anything that a chart says, whatever its id."""
    said = {**chart_to_json(trimmed(chart)), "patient": "", "deid": None}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def events_hash(chart: Chart) -> str:
    """What tells a chart from others under any id and dates: its events, the days between, its values."""
    story = story_of(chart)
    said = [(one.what, _VARIES.sub("", one.text) or one.key, one.day, one.value) for one in story.events]
    told = [story.sex, sorted(said, key=str), *([chart.patient] if len(said) < TELLING else [])]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()
