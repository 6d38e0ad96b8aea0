"""The queue: what comes in is without identity and there once; two readers never read the same item by accident."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from review_cases import COUGH, NODULE, Clock, ids, nodules, queue_at

from bedside.errors import DataError, IdentityError, UsageError
from bedside.review import Item, Plan, Queue, Quote, Said, decide, enqueue, item_from_json
from bedside.review import _clean as door
from bedside.review._item import item_to_json


def test_a_name_does_not_enter_the_queue_and_the_places_move_along(tmp_path: Path) -> None:
    text = "John Smith, MRN 4482910, has a spiculated nodule."
    at = text.index("spiculated")
    named = replace(
        NODULE,
        text=text,
        reason="called by Dr. Mary Jones, 617-555-0123",
        group="MRN 4482910",
        evidence=[Quote(text="spiculated", start=at, end=at + 10)],
    )
    with queue_at(tmp_path, named) as queue:
        (listed,) = queue.items()
    item, quote = listed.item, listed.item.evidence[0]
    assert "Smith" not in item.text + item.reason
    assert item.text[quote.start : quote.end] == "spiculated"
    raw = (tmp_path / "queue.sqlite").read_bytes()
    assert not [secret for secret in (b"Smith", b"4482910", b"Jones", b"555-0123") if secret in raw]


def test_entities_stand_at_their_words_after_a_chinese_name_was_removed(tmp_path: Path) -> None:
    text = "患者王小明，发热伴咳嗽3天。"
    at = text.index("发热")
    named = replace(COUGH, text=text, output={"entities": [{"start": at, "end": at + 2, "type": "symptom"}]})
    with queue_at(tmp_path, named) as queue:
        item = queue.items()[0].item
    entity = item.output["entities"][0]
    assert "王小明" not in item.text
    assert item.text[entity["start"] : entity["end"]] == "发热"


def test_the_words_a_guard_objects_to_are_found_in_the_cleaned_output(tmp_path: Path) -> None:
    proposal = "Tell Mr. John Smith to start ibuprofen."
    at = proposal.index("ibuprofen")
    said = Said(rule="r", severity="critical", reason="bleeding", start=at, end=at + 9)
    blocked = Item(why="blocked", head="generate", text="on apixaban", output={"text": proposal}, findings=[said])
    with queue_at(tmp_path, blocked) as queue:
        item = queue.items()[0].item
    assert "Smith" not in item.output["text"]
    assert item.output["text"][item.findings[0].start : item.findings[0].end] == "ibuprofen"


def test_a_name_in_a_field_that_nobody_foresaw_is_removed_and_a_known_label_stays(tmp_path: Path) -> None:
    said = {"label": "Brown syndrome", "relations": [{"head": {"text": "Mr. John Smith"}}], "note": "call 617-555-0123"}
    with queue_at(tmp_path, replace(NODULE, labels=("Brown syndrome",), output=said)) as queue:
        output = queue.items()[0].item.output
    assert output["label"] == "Brown syndrome"
    assert "Smith" not in str(output)
    assert "0123" not in str(output)


def test_an_item_whose_identity_cannot_be_removed_stays_outside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise IdentityError("identity could not be removed")

    monkeypatch.setattr(door, "scrub_text", broken)
    with Queue(tmp_path / "queue.sqlite") as queue:
        done = enqueue(queue, [NODULE])
        assert (done.new, done.refused, queue.items()) == ([], 1, [])


def test_the_same_answer_sent_twice_after_a_kill_is_one_item(tmp_path: Path) -> None:
    with queue_at(tmp_path, NODULE) as queue:
        again = enqueue(queue, [NODULE, replace(NODULE, group="another patient")])
        assert (len(again.new), again.known, len(queue.items())) == (1, 1, 2)


def test_what_may_have_reached_a_patient_comes_before_what_chance_drew(tmp_path: Path) -> None:
    kinds = ("sampled", "abstained", "warned", "blocked", "reported", "emergency")
    items = [replace(NODULE, why=why, text=f"Nodule, {why}.") for why in kinds]
    with Queue(tmp_path / "queue.sqlite") as queue:
        enqueue(queue, items, plan=Plan(rate=1))
        assert [one.item.why for one in queue.items()] == list(reversed(kinds))


def test_chance_draws_the_stated_share_the_same_for_the_same_seed(tmp_path: Path) -> None:
    ordinary = nodules(400, why="sampled")
    drawn = []
    for name, seed in (("a", 0), ("b", 0), ("c", 1)):
        with Queue(tmp_path / name) as queue:
            enqueue(queue, ordinary, plan=Plan(rate=0.1, seed=seed))
            drawn.append({one.item.text for one in queue.items()})
    assert 20 <= len(drawn[0]) <= 60
    assert drawn[0] == drawn[1] != drawn[2]


def test_a_share_is_read_twice_and_nothing_where_none_is_asked(tmp_path: Path) -> None:
    for name, double, low, high in (("a", 0.0, 0, 0), ("b", 0.5, 30, 70), ("c", 1.0, 100, 100)):
        with Queue(tmp_path / name) as queue:
            enqueue(queue, nodules(100), plan=Plan(double=double))
            assert low <= sum(one.item.readers == 2 for one in queue.items()) <= high


def test_a_taken_item_is_kept_for_its_reader_until_the_lease_ends(tmp_path: Path) -> None:
    clock = Clock()
    with queue_at(tmp_path, *nodules(2), clock=clock) as queue:
        ann = queue.take("ann", seconds=60)
        bo = queue.take("bo", seconds=60)
        assert ann
        assert bo
        assert ann.id != bo.id
        assert queue.take("cy") is None
        with pytest.raises(UsageError, match="held by others"):
            queue.take("cy", ann.id)
        clock.now += 61
        assert queue.take("cy") is not None


def test_a_lease_given_by_a_clock_a_year_ahead_ends_when_the_clock_is_put_right(tmp_path: Path) -> None:
    clock = Clock()
    with queue_at(tmp_path, *nodules(1), clock=clock) as queue:
        clock.now += 366 * 86_400
        assert queue.take("ann")
        assert queue.take("bo") is None
        clock.now -= 366 * 86_400
        assert queue.take("bo") is not None
        assert queue.items()[0].held_by == ("bo",)


def test_a_reader_who_was_cut_off_gets_the_item_he_held_and_one_given_back_is_free(tmp_path: Path) -> None:
    with queue_at(tmp_path, *nodules(3)) as queue:
        held = queue.take("ann", ids(queue)[2])
        assert held
    with Queue(tmp_path / "queue.sqlite", clock=Clock()) as queue:
        again = queue.take("ann")
        assert again
        assert again.id == held.id
        queue.leave("ann", held.id)
        assert queue.get(held.id).held_by == ()


def _take_all(path: str, by: str) -> list[str]:
    with Queue(Path(path)) as queue:
        found = []
        while one := queue.take(by, seconds=600):
            found.append(one.id)
            decide(queue, one.id, "accept", by=by)
        return found


def test_two_readers_at_once_read_everything_once(tmp_path: Path) -> None:
    with queue_at(tmp_path, *nodules(24)) as queue:
        everything = set(ids(queue))
    path = str(tmp_path / "queue.sqlite")
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        ann, bo = pool.starmap(_take_all, [(path, "ann"), (path, "bo")])
    assert not set(ann) & set(bo)
    assert set(ann) | set(bo) == everything
    with Queue(Path(path)) as queue:
        assert queue.verify().count == 24 * 3


def _killed_while_deciding(path: str) -> None:
    queue = Queue(Path(path))
    with queue.alone():
        queue.put(replace(NODULE, text="half written"), by="ann")
        os._exit(9)


def test_a_process_killed_in_the_middle_of_a_change_leaves_nothing_of_it(tmp_path: Path) -> None:
    with queue_at(tmp_path, *nodules(2)) as queue:
        before = str(queue.verify())
    process = multiprocessing.get_context("spawn").Process(target=_killed_while_deciding, args=(str(queue.path),))
    process.start()
    process.join()
    assert process.exitcode == 9
    with Queue(queue.path) as again:
        assert str(again.verify()) == before
        assert len(again.items()) == 2


def test_only_its_owner_reads_the_queue_and_another_file_is_refused(tmp_path: Path) -> None:
    queue_at(tmp_path, NODULE).database.close()
    assert os.stat(tmp_path / "queue.sqlite").st_mode & 0o077 == 0
    (tmp_path / "notes.csv").write_text("text,label\n" * 200)
    with pytest.raises(DataError, match="not a review queue"):
        Queue(tmp_path / "notes.csv")
    with pytest.raises(DataError, match="cannot write there"):
        Queue(tmp_path / "notes.csv" / "queue.sqlite")


def test_the_log_and_the_items_are_only_added_to(tmp_path: Path) -> None:
    with queue_at(tmp_path, NODULE) as queue:
        for change in (
            "UPDATE log SET who = 'x'",
            "DELETE FROM log",
            "UPDATE items SET body = ''",
            "DELETE FROM items",
        ):
            with pytest.raises(sqlite3.IntegrityError):
                queue.database.execute(change)


@pytest.mark.parametrize(
    "damage",
    [
        "DROP TRIGGER log_stays; UPDATE log SET who = 'bo' WHERE n = 1;",
        "DROP TRIGGER log_whole; DELETE FROM log WHERE n = 2;",
        "DROP TRIGGER items_stay; UPDATE items SET body = replace(body, 'benign', 'malignant');",
        "DROP TRIGGER items_whole; DELETE FROM items WHERE id IN (SELECT id FROM items LIMIT 1);",
    ],
)
def test_a_line_or_an_item_changed_behind_the_queues_back_is_found(tmp_path: Path, damage: str) -> None:
    with queue_at(tmp_path, *nodules(3)) as queue:
        assert queue.verify().count == 3
        queue.database.executescript(damage)
        with pytest.raises(DataError, match="changed"):
            queue.verify()


def test_lines_cut_off_the_end_are_found_by_an_end_kept_elsewhere(tmp_path: Path) -> None:
    with queue_at(tmp_path, *nodules(2)) as queue:
        end = str(queue.record("ann", "exported", {}))
        assert str(queue.verify(end)) == end
        queue.database.executescript("DROP TRIGGER log_whole; DELETE FROM log WHERE n = 3;")
        queue.verify()
        with pytest.raises(DataError, match="changed"):
            queue.verify(end)
        with pytest.raises(UsageError, match="not the end"):
            queue.verify("3")


def test_an_item_is_the_same_after_it_was_written_as_json() -> None:
    full = replace(
        NODULE,
        evidence=(Quote(text="21 mm", start=13, end=18),),
        findings=(Said(rule="r", severity="info", reason="why"),),
        outcome="warn",
    )
    assert item_from_json(item_to_json(full)) == replace(full)


@pytest.mark.parametrize(
    "wrong",
    [
        {"why": "because"},
        {"head": "guess"},
        {"text": " "},
        {"text": 7},
        {"readers": 9},
        {"strange": 1},
        {"evidence": [{"text": "x", "start": 5, "end": 900}]},
        {"output": {"entities": [{"start": 3}]}},
        {"output": {"entities": ["fever"]}},
        {"findings": [{"rule": "r"}]},
    ],
)
def test_a_line_that_is_no_item_is_refused_without_its_words(wrong: dict[str, object]) -> None:
    line = {"why": "added", "head": "tag", "text": "secret words", "output": {}}
    item_from_json(line)
    with pytest.raises(DataError) as fault:
        item_from_json({**line, **wrong})
    assert "secret" not in str(fault.value)
