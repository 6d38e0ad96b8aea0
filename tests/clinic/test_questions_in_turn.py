"""More questions than the library answers: who does not come to a turn is told so, and is not worked on unheard."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from bedside.lang import Lang, speaking
from bedside.library import About, Item, add_items
from bedside.server.clinic.librarian import Librarian
from bedside.server.clinic.warm import SAID, _warm
from bedside.server.errors import Refusal
from bedside.types import Proposal

LONG = 300.0


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A library of one document."""
    item = Item(id="d1", title="What are the treatments for gout?", text="Gout is treated with colchicine.")
    add_items(tmp_path / "library", About(name="notes", version="1", licence="CC0"), [item])
    return tmp_path / "library"


@pytest.mark.parametrize(
    ("lang", "question", "says"), [("en", "What treats gout?", "try again"), ("zh", "痛风怎么治疗？", "请稍后重试")]
)
def test_a_question_behind_a_long_one_is_taken_back_and_the_next_is_answered(
    library: Path, lang: Lang, question: str, says: str
) -> None:
    librarian = Librarian(library, wait_s=0.01)
    begun, go_on, heard = threading.Event(), threading.Event(), list[str]()

    def long_one(_: object) -> None:
        begun.set()
        go_on.wait(LONG)

    at_work = threading.Thread(target=lambda: heard.append(f"the long one: {librarian.look(long_one)}"))
    at_work.start()
    assert begun.wait(LONG)
    with speaking(lang), pytest.raises(Refusal, match=says) as told:
        librarian.ask(question, lang)
    with pytest.raises(Refusal):
        librarian.look(lambda _: heard.append("worked on, and nobody hears it"))
    go_on.set()
    at_work.join(LONG)
    librarian.close()
    assert (told.value.status, told.value.code, told.value.retry_after_s) == (503, "busy", 5)
    assert heard == ["the long one: None"]  # one that was begun is heard, however long it takes


def test_a_server_that_is_told_to_end_opens_no_index_of_diseases_any_more() -> None:
    opened = list[str]()

    class Ending:
        """A context whose server is told to end while the guard is readied with the last of its texts."""

        class health:  # noqa: N801
            draining = False

        def judge(self, proposal: Proposal) -> None:
            self.health.draining = proposal.text == SAID[-1]

    _warm(Ending(), lambda: opened.append("the index"))  # type: ignore[arg-type]
    assert opened == []
