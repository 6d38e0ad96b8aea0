"""One label for two texts read together: entailment, similarity, an answer to a question over its context."""

from __future__ import annotations

from bedside.heads.classify import ClassifyHead

HEAD = ClassifyHead
