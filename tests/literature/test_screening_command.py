"""A review team at work with `bedside literature screen`: alone, in a table, in pairs, stopped and taken up again."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bedside.commands._call import call
from bedside.errors import BedsideError, ColumnError, DataError, UsageError
from bedside.lang import Lang, speaking
from bedside.literature._record import records_of
from bedside.literature.screening.labels import Label, add_labels, decision_of, read_labels, resolved
from bedside.literature.screening.review import Review

Visit = Callable[[Path, dict[str, int]], tuple[Any, list[str]]]
GOUT = ["Colchicine for gout flares", "Allopurinol in gout", "Febuxostat against gout", "秋水仙碱治疗痛风"]
OTHER = [
    "Asthma at school",
    "Knee surgery",
    "Sleep of nurses",
    "Hip fracture",
    "哮喘患儿护理",
    "Stroke units",
    "Tea",
    "Ice",
]


@pytest.fixture
def records(tmp_path: Path) -> Path:
    path = tmp_path / "records.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["id", "title", "abstract", "authors", "year", "included"])
        for at, title in enumerate([*OTHER, *GOUT]):
            table.writerow([f"p{at}", title, f"A study of {title.lower()} in {40 + at} people.", "Li W", 2020, at >= 8])
        table.writerow(["twin", "Colchicine for gout flares.", "A study.", "Li, Wei", 2020, True])
        table.writerow(["bad", "RETRACTED: Gout and wine, a trial", "Wine and gout.", "Xu X", 2019, True])
    return path


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    return tmp_path / "labels.jsonl"


def screen(records: Path, labels: Path, *more: str) -> tuple[int, str]:
    return call("literature", "screen", str(records), "--labels", str(labels), *more)


def status(records: Path, labels: Path, *more: str) -> dict[str, Any]:
    return dict(json.loads(screen(records, labels, "--status", "--json", *more)[1].splitlines()[-1]))


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def decide(batch: Path, **decisions: str) -> None:
    """Fill in a batch, as a reviewer does in a spreadsheet."""
    with batch.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with batch.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0].keys())
        table.writeheader()
        table.writerows({**row, "decision": decisions.get(row["id"], "")} for row in rows)


def test_the_question_puts_gout_first_in_the_batch_and_the_retracted_paper_is_flagged(
    records: Path, labels: Path, tmp_path: Path
) -> None:
    batch = tmp_path / "batch.csv"
    screen(records, labels, "--question", "gout", "--next", "4", "-o", str(batch))
    with batch.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert {"bad", "p9", "p10"} < set(rows)
    assert "retracted" in rows["bad"]["flags"]
    assert not rows["p9"]["flags"]


def test_decisions_in_a_table_are_taken_in_all_or_none(records: Path, labels: Path, tmp_path: Path) -> None:
    batch = tmp_path / "batch.csv"
    screen(records, labels, "--next", "5", "-o", str(batch))
    with batch.open(encoding="utf-8-sig", newline="") as file:
        ids = [row["id"] for row in csv.DictReader(file)]
    decide(batch, **{ids[0]: "include", ids[1]: "perhaps"})
    with pytest.raises(DataError, match="perhaps"):
        screen(records, labels, "--take", str(batch))
    assert read_labels(labels) == []
    decide(batch, **{ids[0]: "纳入", ids[1]: "no", ids[2]: "?"})
    screen(records, labels, "--take", str(batch), "--who", "ann")
    assert [(one.id, one.decision, one.who) for one in read_labels(labels)] == [
        (ids[0], "include", "ann"),
        (ids[1], "exclude", "ann"),
        (ids[2], "unsure", "ann"),
    ]
    flow = status(records, labels)["flow"]
    assert (flow["included"], flow["unsure"], flow["screened"]) == (1, 1, 3)


def test_a_review_in_the_terminal_goes_on_where_it_was_stopped(
    records: Path, labels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, "i", "e", "2", "q")
    reasons = ("--reason", "wrong population", "--reason", "not a study")
    screen(records, labels, "--question", "gout", *reasons)
    first = [(one.decision, one.reason) for one in read_labels(labels)]
    assert first == [("include", ""), ("exclude", "not a study")]
    typed(monkeypatch, "u")
    screen(records, labels, "--question", "gout", *reasons)
    ids = [one.id for one in read_labels(labels)]
    assert len(set(ids)) == 3
    assert dict(status(records, labels)["flow"]["excluded"]) == {"not a study": 1}


def test_going_back_adds_a_decision_that_stands_and_keeps_the_first_on_file(
    records: Path, labels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, "i", "b", "e", "q")
    screen(records, labels)
    said = read_labels(labels)
    assert [one.decision for one in said] == ["include", "exclude"]
    assert said[0].id == said[1].id
    assert [one.decision for one in resolved(said).values() if one] == ["exclude"]


def test_a_duplicate_is_read_once_and_its_old_decision_counts_for_the_record_kept(records: Path, labels: Path) -> None:
    flow = status(records, labels)["flow"]
    assert (sum(count for _, count in flow["identified"]), flow["duplicates"]) == (14, 1)
    add_labels(labels, [Label(id="twin", decision="include", who="ann", when="")])
    assert status(records, labels)["flow"]["included"] == 1
    assert status(records, labels, "--keep-duplicates")["flow"]["duplicates"] == 0


def test_counts_of_the_flow_add_up_whatever_was_decided(records: Path, labels: Path) -> None:
    add_labels(labels, [Label(id=f"p{at}", decision="exclude", who="ann", when="") for at in range(3)])
    add_labels(labels, [Label(id=f"p{at}", decision="include", who="bob", when="") for at in range(2, 5)])
    flow = status(records, labels)["flow"]
    excluded = sum(count for _, count in flow["excluded"])
    assert excluded + flow["included"] + flow["unsure"] + flow["conflicts"] == flow["screened"] == 5
    assert flow["screened"] + flow["unread"] + flow["duplicates"] == 14


def test_two_reviewers_conflict_is_listed_and_the_consensus_settles_it(
    records: Path, labels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for who, words in (("ann", "ieeeee"), ("bob", "eeeeei")):
        add_labels(
            labels,
            [Label(id=f"p{at}", decision=decision_of(word) or "", who=who, when="") for at, word in enumerate(words)],
        )
    (pair,) = status(records, labels)["agreement"]
    assert (pair["both"], pair["same"]) == (6, 4)
    assert {one["id"] for one in pair["conflicts"]} == {"p0", "p5"}
    assert pair["kappa"]["value"] == pytest.approx(-0.2)
    typed(monkeypatch, "i", "e", "")
    screen(records, labels, "--who", "consensus")
    told = status(records, labels)
    assert told["agreement"][0]["conflicts"] == []
    assert (told["flow"]["conflicts"], told["flow"]["included"]) == (0, 1)


def test_a_reviewer_is_shown_what_the_other_has_read_without_the_decision(
    records: Path, labels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_labels(labels, [Label(id=f"p{at}", decision="include", who="ann", when="") for at in range(12)])
    typed(monkeypatch, "q")
    said = screen(records, labels, "--who", "bob")[1].split("[q]uit")[0]
    assert "ann" not in said
    found, _ = records_of([records])
    assert len(Review(found, read_labels(labels)).next(50, "bob")) == 13


def test_the_random_draw_is_told_beside_the_rule_and_reading_all_of_it_allows_to_stop(
    records: Path, labels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, "i", "i", "q")
    screen(records, labels, "--question", "gout")
    assert status(records, labels)["certificate"] is None
    typed(monkeypatch, *["e", "e", "e"])
    screen(records, labels, "--random")
    some = status(records, labels)["certificate"]
    assert (some["urn"], some["drawn"], some["found"], some["may_stop"]) == (11, 3, 0, False)
    typed(monkeypatch, *["e"] * 8)
    screen(records, labels, "--random")
    assert status(records, labels)["certificate"]["may_stop"] is True


def test_a_damaged_line_of_labels_is_named_and_half_a_line_does_not_spoil_the_next(labels: Path) -> None:
    add_labels(labels, [Label(id="p1", decision="include", who="ann", when="")])
    with labels.open("a", encoding="utf-8") as file:
        file.write('{"id": "p2", "deci')
    for lang, word in (("en", "line 2"), ("zh", "第 2 行")):
        with speaking(lang), pytest.raises(DataError, match=word):  # type: ignore[arg-type]
            read_labels(labels)
    add_labels(labels, [Label(id="p3", decision="include", who="ann", when="")])
    assert labels.read_text(encoding="utf-8").splitlines()[2].startswith('{"id": "p3"')


def test_wrong_use_says_what_to_type(records: Path, labels: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--labels"):
        call("literature", "screen", str(records))
    with pytest.raises(UsageError, match=r"-o batch\.csv"):
        screen(records, labels, "--next", "5")
    with pytest.raises(BedsideError, match="twice"):
        screen(records, records, "--status")
    batch = tmp_path / "batch.csv"
    batch.write_text("id,decision\nnobody,include\n", encoding="utf-8")
    with pytest.raises(DataError, match="nobody"):
        screen(records, labels, "--take", str(batch))


def test_a_title_that_begins_like_a_formula_is_no_formula_in_the_batch(labels: Path, tmp_path: Path) -> None:
    path, batch = tmp_path / "r.csv", tmp_path / "b.csv"
    path.write_text('id,title,abstract\na,"=1+1 and gout",x\nb,Ice,y\n', encoding="utf-8")
    screen(path, labels, "--next", "2", "-o", str(batch))
    assert "'=1+1" in batch.read_text(encoding="utf-8-sig")


def test_a_finished_review_is_read_again_and_its_column_must_be_there(records: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.json"
    said = call("literature", "screen", "--simulate", str(records), "--seeds", "5", "-o", str(out), "--json")[1]
    told = json.loads(said.splitlines()[-1])
    assert (told["papers"], told["relevant"]) == (14, 6)
    assert told["ranked"]["atd"]["value"] < told["random"]["atd"]["value"]
    assert told["ranked"]["curve"][-1] == 1
    assert len(json.loads(out.read_text(encoding="utf-8"))["readings"]) == 5
    with pytest.raises(ColumnError, match="--label"):
        call("literature", "screen", "--simulate", str(records), "--label", "verdict")


@pytest.mark.browser
@pytest.mark.parametrize("width", [1100, 390])
@pytest.mark.parametrize(("lang", "words"), [("en", "Records identified: 14"), ("zh", "检索到的记录：14")])
def test_the_page_of_a_review_opens_offline_with_its_flow(
    visit: Visit, records: Path, labels: Path, tmp_path: Path, lang: Lang, words: str, width: int
) -> None:
    page, flow = tmp_path / "review.html", tmp_path / "flow.svg"
    add_labels(labels, [Label(id=f"p{at}", decision="exclude", who="ann", when="", reason="<b>") for at in range(9)])
    add_labels(labels, [Label(id=id, decision="include", who="ann", when="") for id in ("p9", "bad")])
    with speaking(lang):
        screen(records, labels, "--report", str(page), "--flow", str(flow))
    shown, complaints = visit(page, {"width": width, "height": 900})
    assert complaints == []
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    assert words in shown.inner_text("body")
    assert words in flow.read_text(encoding="utf-8")
    assert "<b>" not in page.read_text(encoding="utf-8").split("<main>")[1].split("<h2>")[1]
    shown.close()


def test_what_goes_on_to_full_text_is_exported_for_a_reference_manager(
    records: Path, labels: Path, tmp_path: Path
) -> None:
    add_labels(labels, [Label(id=id, decision="include", who="ann", when="") for id in ("p11", "bad")])
    add_labels(labels, [Label(id="p0", decision="exclude", who="ann", when="", reason="not gout")])
    ris, table = tmp_path / "in.ris", tmp_path / "all.csv"
    screen(records, labels, "--export", str(ris))
    screen(records, labels, "--export", str(table))
    found, problems = records_of([ris])
    assert problems == []
    assert [one.paper.title for one in found] == ["秋水仙碱治疗痛风", "RETRACTED: Gout and wine, a trial"]
    assert "retracted" in ris.read_text(encoding="utf-8")
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert len(rows) == 13
    assert (rows["p0"]["decision"], rows["p0"]["reason"], rows["p1"]["decision"]) == ("exclude", "not gout", "")
