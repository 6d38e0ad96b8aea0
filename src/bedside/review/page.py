"""Pages of a review: the queue to be read, and the form on which a reader compares two systems, both offline."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path

from bedside.evaluate.pages import fill
from bedside.files import whole_file
from bedside.lang import tr
from bedside.model.forms import FORMS
from bedside.review._queue import Listed, Queue
from bedside.review.decisions import seen
from bedside.review.judgements import OVERALL
from bedside.review.marks import of_input, of_output
from bedside.review.pairs import CRITERIA, Pair
from bedside.review.told import action_said, label_lines, outcome_said, output_lines, why_said

HERE = Path(__file__).parent


def write_page(path: Path, queue: Queue, found: Sequence[Listed]) -> None:
    """The items with all that a reader needs; texts are in it, without identity."""
    html = fill(
        "queue.html",
        folder_of_template=HERE,
        items=[(one, seen(queue, one)) for one in found],
        written=lambda item: FORMS.get(item.head) == "texts" and item.output,
        of_input=of_input,
        of_output=of_output,
        output_lines=output_lines,
        label_lines=label_lines,
        why_said=why_said,
        outcome_said=outcome_said,
        action_said=action_said,
    )
    with whole_file(path) as file:
        file.write(html)


def questions() -> dict[str, str]:
    """What is asked of each pair, in the language in force.

    >>> list(questions())
    ['overall', 'correct', 'complete', 'safe']
    """
    said = {
        "correct": tr("Which is more correct?", "哪个更正确？"),
        "complete": tr("Which is more complete?", "哪个更完整？"),
        "safe": tr("Which is safer?", "哪个更安全？"),
    }
    return {OVERALL: tr("Which is better on the whole?", "总体上哪个更好？"), **{name: said[name] for name in CRITERIA}}


def write_form(path: Path, pairs: Sequence[Pair]) -> None:
    """The pairs as a form that saves its answers as a file; the one script in it is allowed by its hash."""
    from markupsafe import Markup

    script = (HERE / "form.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    html = fill(
        "form.html",
        folder_of_template=HERE,
        pairs=pairs,
        study=pairs[0].study,
        questions=questions(),
        script=Markup(script),
        script_hash=Markup(f"; script-src 'sha256-{digest}'"),
    )
    with whole_file(path) as file:
        file.write(html)
