"""The page and the picture of a diagnosis: everything that speaks for it, in both languages, and only what is true."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bedside.commands._call import call
from bedside.errors import UsageError
from bedside.evaluate.pages import waterfall_png
from bedside.evaluate.pages.differential import MOST
from bedside.evaluate.pages.waterfall import WIDE, apart, falling, steps
from bedside.lang import Lang, speaking

STORY = {
    "en": "Seizures since infancy and delayed development; no cataract. His uncle had ataxia. <b>x</b>",
    "zh": "婴儿期起反复癫痫发作，全面发育迟缓，无白内障。舅舅有共济失调。<b>x</b>",
}
calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
numbers = st.lists(st.floats(-50, 50, allow_nan=False), min_size=1, max_size=12)


def diagnose(release: Path, *words: object) -> tuple[int, str]:
    return call("diagnose", *map(str, words), "--hpo", str(release))


def page_of(release: Path, folder: Path, *words: object) -> str:
    page = folder / "page.html"
    diagnose(release, *words, "--report", page)
    return page.read_text(encoding="utf-8")


@calm
@given(values=numbers)
def test_each_bar_begins_where_the_one_above_it_ended_and_the_last_is_the_sum(values: list[float]) -> None:
    bars = steps(values)
    assert [bar.end - bar.start for bar in bars[:-1]] == pytest.approx(values)
    assert all(one.end == two.start for one, two in pairwise(bars[:-1]))
    assert (bars[-1].start, bars[-1].end) == (0.0, pytest.approx(sum(values)))


@calm
@given(values=numbers)
def test_every_bar_lies_within_the_picture(values: list[float]) -> None:
    labels = ["x"] * (len(values) + 1)
    for drawn in [*falling(values, labels), *apart(values, labels[1:])]:
        box = re.search(r'x="([^"]+)" y="4" width="([^"]+)"', drawn)
        assert box
        left, wide = float(box[1]), float(box[2])
        assert left >= -0.06
        assert left + wide <= WIDE + 0.11
        assert wide > 0


def test_what_speaks_for_a_disease_and_what_against_it_are_drawn_apart() -> None:
    kinds = [re.search(r'rect class="(\w+)"', svg) for svg in falling([2.0, -1.0], ["a", "b", "c"])]
    assert [kind[1] for kind in kinds if kind] == ["for", "against", "sum"]


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ("Ranked differential", "Why: Fictional epilepsy 1", "of all diseases", "PMID:1", "Ask next")),
        (
            "zh",
            ("鉴别诊断排序", "依据：Fictional epilepsy 1", "癫痫发作", "注释为其下位表型", "全部疾病中", "建议追问"),
        ),
    ],
)
def test_the_page_says_all_of_it_in_the_language_of_the_page(
    release: Path, tmp_path: Path, lang: Lang, words: tuple[str, ...]
) -> None:
    with speaking(lang):
        page = page_of(release, tmp_path, "HP:0001250,HP:0001638,-HP:0000518", "--why", "OMIM:100001")
    assert f'lang="{ {"en": "en", "zh": "zh-CN"}[lang] }"' in page
    missing = [word for word in words if word not in page]
    assert missing == []
    for always in ("2031-02-03", "hpo.jax.org/license", "OMIM:100001", "Gargano"):
        assert always in page
    assert ("a clinician decides" in page) == (lang == "en")


def test_the_waterfall_of_the_page_sums_to_the_score(release: Path, tmp_path: Path) -> None:
    page = page_of(release, tmp_path, "HP:0001250,HP:0000518", "--why", "OMIM:100005")
    part = page[page.index("Why: ") : page.index("Against: ")]
    values = [float(value) for value in re.findall(r'<div class="value">([+-]\d+\.\d\d)</div>', part)]
    assert len(values) > 2
    assert sum(values[:-1]) == pytest.approx(values[-1], abs=0.005 * len(values))


@pytest.mark.parametrize(
    ("lang", "present", "denied", "family"),
    [("en", "Seizures", "cataract", "ataxia"), ("zh", "癫痫发作", "白内障", "共济失调")],
)
def test_the_findings_of_a_story_are_marked_where_they_stand(
    release: Path, tmp_path: Path, lang: Lang, present: str, denied: str, family: str
) -> None:
    with speaking(lang):
        page = page_of(release, tmp_path, STORY[lang])
    marks = {inside: kind for kind, inside in re.findall(r'<mark class="(\w+)"[^>]*>([^<]+)</mark>', page)}
    assert marks[present] == "present"
    assert marks[denied] == "excluded"
    assert marks.get(family, "other") == "other"
    assert "<b>x</b>" not in page
    assert "&lt;b&gt;x" in page


def test_a_name_in_a_story_is_not_on_the_page(release: Path, tmp_path: Path) -> None:
    page = page_of(release, tmp_path, "Patient name: John Smith, phone 617-555-0134. Seizures since infancy.")
    assert "Smith" not in page
    assert "617-555-0134" not in page
    assert "Seizures" in page


def test_a_table_folds_its_cases_and_says_how_many_are_left_out(release: Path, tmp_path: Path) -> None:
    rows: list[Any] = [{"id": f"case-{n}", "present": ["HP:0001250"]} for n in range(MOST + 3)]
    rows.insert(1, {"id": "bad", "present": ["HP:7777777"]})
    cases = tmp_path / "cases.jsonl"
    cases.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    page = page_of(release, tmp_path, cases, "-o", tmp_path / "out.jsonl", "--top", 3)
    assert page.count('<details class="case"') == MOST
    assert page.count('<details class="case" open>') == 1
    assert "3 more cases" in page
    assert "1 row could not be used" in page
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == MOST + 4


def test_a_table_gives_one_bundle_and_one_phenopacket_a_line(release: Path, tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    rows = [{"id": "a", "present": ["HP:0001250"]}, {"id": "b"}, {"id": "c", "present": ["HP:0001638"]}]
    cases.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    bundles, packets = tmp_path / "b.ndjson", tmp_path / "p.jsonl"
    code, said = diagnose(
        release, cases, "-o", tmp_path / "out.jsonl", "--fhir", bundles, "--phenopacket", packets, "--json"
    )
    assert code == 3
    assert json.loads(said)["failed"] == 1  # nothing but the one object is on stdout
    assert [json.loads(line)["resourceType"] for line in bundles.read_text().splitlines()] == ["Bundle", "Bundle"]
    assert [json.loads(line)["id"] for line in packets.read_text().splitlines()] == ["a", "c"]


def test_the_files_are_named_where_they_are(release: Path, tmp_path: Path) -> None:
    page, bundle, packet = tmp_path / "a.html", tmp_path / "a.json", tmp_path / "p.json"
    words = ("HP:0001250", "--report", page, "--fhir", bundle, "--phenopacket", packet)
    _, said = diagnose(release, *words)
    assert all(str(path) in said for path in (page, bundle, packet))
    assert json.loads(bundle.read_text())["resourceType"] == "Bundle"
    assert json.loads(diagnose(release, *words, "--json")[1])["fhir"] == str(bundle)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_picture_is_drawn_in_the_language_in_force(release: Path, tmp_path: Path, lang: Lang) -> None:
    pytest.importorskip("matplotlib")
    picture = tmp_path / "why.png"
    with speaking(lang):
        diagnose(release, "HP:0001250,HP:0000518", "--report", picture)
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_where_no_font_has_chinese_letters_the_picture_is_english_and_that_is_said(
    release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("matplotlib")
    drawn = []
    monkeypatch.setattr(waterfall_png, "_chinese_font", lambda: None)
    draw = waterfall_png._draw
    monkeypatch.setattr(waterfall_png, "_draw", lambda *parts: (drawn.append(waterfall_png.current()), draw(*parts)))
    with speaking("zh"):
        diagnose(release, "HP:0001250", "--report", tmp_path / "why.png")
    assert drawn == ["en"]
    assert "字体" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("HP:0001250", "--report", "why.pdf"), "html"),
        (("HP:0001250", "--report", "a.html", "--fhir", "a.html"), "twice"),
        (("{cases}", "-o", "{out}", "--report", "why.png"), "one case"),
    ],
)
def test_what_cannot_be_written_is_refused_before_any_work(
    release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cases.jsonl").write_text('{"id": "a", "present": ["HP:0001250"]}\n')
    named = [word.format(cases="cases.jsonl", out="out.jsonl") for word in words]
    with pytest.raises(UsageError, match=told):
        diagnose(release, *named)
    assert [path.name for path in tmp_path.iterdir() if path.suffix in (".html", ".png", ".pdf")] == []
