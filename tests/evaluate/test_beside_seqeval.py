"""Entity figures agree with seqeval, the reference of exact-match scores, on random IOB2 tags."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.evaluate.entities import evaluate_entities
from bedside.model.scheme_spans import spans_of
from bedside.types import Entity, Estimate, Figure

seqeval_metrics = pytest.importorskip("seqeval.metrics")
