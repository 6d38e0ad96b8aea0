"""Before a model sees a text: identity goes, or nothing goes on; long notes keep their beginning and their end."""

from __future__ import annotations

import signal

import pytest
from tokenizers import Tokenizer, models

from bedside.backbones._load import load_backbone
from bedside.deid import Note
from bedside.errors import IdentityError
from bedside.model import inputs
from bedside.model.inputs import encode, prepare_text, prepare_texts
from bedside.types import Span


@pytest.mark.parametrize(
    ("note", "secret"),
    [("Call Mr. John Smith at 617-555-0123.", "617-555-0123"), ("患者张伟，电话13812345678。", "13812345678")],
)
def test_identity_is_removed_unless_the_data_is_said_to_hold_none(note: str, secret: str) -> None:
    assert secret not in prepare_text(note)
    assert prepare_text(note, identity="absent") == note


def test_when_removal_breaks_nothing_is_passed_on_and_nothing_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(notes: list[Note], **options: object) -> None:
        raise RuntimeError(f"cannot read {notes[0].text}")

    monkeypatch.setattr("bedside.deid.scrub_texts", broken)
    with pytest.raises(IdentityError) as caught:
        prepare_text("John Smith has gout")
    assert "Smith" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_many_texts_keep_their_order_when_shared_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "PARALLEL_FROM", 10)
    notes = [f"Nodule {number} mm. Call 617-555-{number:04d}." for number in range(10, 60)]
    heard: list[int] = []
    found = prepare_texts(notes, on_text=heard.append)
    assert found == [prepare_text(note) for note in notes]
    assert sum(heard) == len(notes)


def test_ctrl_c_is_left_to_the_process_that_shared_the_texts_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def hears(notes: list[Note], **options: object) -> list[tuple[str, list[Span]]]:
        return [("no" if signal.getsignal(signal.SIGINT) == signal.SIG_IGN else "yes", []) for _ in notes]

    monkeypatch.setattr(inputs, "PARALLEL_FROM", 2)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    monkeypatch.setattr("bedside.deid.scrub_texts", hears)
    own = signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs in the background begins deaf to it
    try:
        assert prepare_texts(["cough", "fever"]) == ["no", "no"]
        assert prepare_text("cough") == "yes"
    finally:
        signal.signal(signal.SIGINT, own)


def test_a_long_note_keeps_head_and_tail_and_is_counted() -> None:
    tokenizer = load_backbone("echo").tokenizer
    short, long = "abc", "H" * 50 + "m" * 100 + "T" * 50
    found = encode(tokenizer, [short, long], prefix="", max_tokens=40)
    assert found.cut == (1,)
    assert len(found.ids[1]) == 40
    kept = tokenizer.decode(found.ids[1])
    assert kept == "<s>" + "H" * 29 + "T" * 9 + "</s>"
    assert tokenizer.decode(found.ids[0]) == "<s>abc</s>"


def test_the_prefix_of_the_backbone_goes_before_every_text() -> None:
    tokenizer = load_backbone("echo").tokenizer
    found = encode(tokenizer, ["fever"], prefix="query: ", max_tokens=64)
    assert tokenizer.decode(found.ids[0]) == "<s>query: fever</s>"


def test_a_text_in_letters_never_learnt_is_named_as_unread() -> None:
    pieces = [("<s>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -1.0), ("痛", -2.0), ("胸", -2.0)]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=2))
    found = encode(tokenizer, ["胸痛", "胸痛жар", "жар боль"], prefix="", max_tokens=40)
    assert found.unread == (2,)
