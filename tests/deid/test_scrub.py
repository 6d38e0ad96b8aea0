"""The one door: RawChart in, Chart out, or an error; and nobody else in the package makes a Chart."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import bedside
from bedside.charts import chart_to_json
from bedside.deid import Policy, Vault, _find, _scrub, _scrubber, open_vault, scrub, scrub_text
from bedside.deid._recogniser import Candidate
from bedside.deid.mentions.known import known_candidates
from bedside.deid.tagger.review import Review
from bedside.errors import IdentityError
from bedside.types import Code, Entry, Identifier, Origin, RawChart

ROOT = Path(bedside.__file__).parent
POLICY = Policy(seed=7)
SHIFTING = Policy(seed=7, action="surrogate")


@pytest.fixture(autouse=True)
def no_recognisers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine alone: what the chart knows, and a recogniser of ISO dates; the languages have tests of their own."""
    import re

    def dates(text: str) -> list[Candidate]:
        return [Candidate(m.start(), m.end(), "DATE", 0.9, "iso") for m in re.finditer(r"\d{4}-\d{2}-\d{2}", text)]

    monkeypatch.setattr(_find, "recognisers_for", lambda text, lang: (dates,))


def chart(**changes: object) -> RawChart:
    entries = (
        Entry(
            id="obs-12345678",
            kind="Observation",
            text="王小明 on 2024-03-05: glucose high, MRN 1234-5678",
            time="2024-03-05T10:00:00+08:00",
            codes=(Code("http://loinc.org", "2345-7", "Glucose for 王小明"),),
            value="see 12345678",
            unit="mmol/L",
            origin=Origin("王小明_12345678.json", "Patient/12345678"),
        ),
        Entry(id="n2", kind="DocumentReference", text="Follow-up.", time="2024-03-12"),
    )
    settings = {
        "patient": "12345678",
        "sex": "male",
        "birth_date": "1930-01-15",
        "entries": entries,
        "identifiers": (Identifier("NAME", "王小明"),),
    }
    return RawChart(**{**settings, **changes})  # type: ignore[arg-type]


def test_nothing_that_the_chart_knows_survives_anywhere_in_it() -> None:
    out = str(chart_to_json(scrub(chart(), policy=POLICY)))
    assert "王小明" not in out
    assert "5678" not in out
    assert "1930" not in out
    assert "glucose high" in out
    assert "2345-7" in out
    assert "mmol/L" in out


def test_times_move_together_and_the_week_between_them_stays_a_week() -> None:
    from datetime import date

    one, other = (entry.time or "" for entry in scrub(chart(), policy=POLICY).entries)
    assert not one.startswith("2024-03-05")
    assert one.endswith("T10:00:00+08:00")
    assert (date.fromisoformat(other) - date.fromisoformat(one[:10])).days == 7


def test_a_date_in_the_text_moves_with_the_times_of_the_chart() -> None:
    entry = scrub(chart(), policy=SHIFTING).entries[0]
    assert entry.time is not None
    assert entry.time[:10] in entry.text


def test_an_age_over_89_becomes_90_and_another_stays() -> None:
    assert scrub(chart(), policy=POLICY).age_years == 90
    assert scrub(chart(birth_date="1980-03-13"), policy=POLICY).age_years == 43
    assert scrub(chart(birth_date="1980"), policy=POLICY).age_years is None


def test_a_time_that_cannot_be_read_is_left_out_and_counted() -> None:
    raw = chart(entries=(Entry(id="1", kind="Condition", time="spring 2024"),))
    done = scrub(raw, policy=POLICY)
    assert done.entries[0].time is None
    assert done.deid.removed == {"DATE": 1}


def test_one_seed_or_one_vault_gives_one_answer_and_no_seed_another_each_time(tmp_path: Path) -> None:
    assert scrub(chart(), policy=POLICY) == scrub(chart(), policy=POLICY)
    assert scrub(chart(), policy=Policy()).patient != scrub(chart(), policy=Policy()).patient
    vault = open_vault(tmp_path / "vault.db", key=b"k" * 32)
    assert scrub(chart(), policy=Policy(), vault=vault) == scrub(chart(), policy=Policy(), vault=vault)


def test_the_vault_leads_back_from_pseudonym_file_and_surrogate(tmp_path: Path) -> None:
    vault: Vault = open_vault(tmp_path / "vault.db", key=b"k" * 32)
    done = scrub(chart(), policy=Policy(action="surrogate"), vault=vault)
    assert vault.get("patient", done.patient) == ["12345678"]
    assert vault.get("file", done.entries[0].origin.file) == ["王小明_12345678.json"]
    assert vault.get(f"surrogate {done.patient}", done.entries[0].text.split(" ")[0]) == ["王小明"]


def test_a_chart_about_another_patient_says_so_by_another_pseudonym() -> None:
    assert scrub(chart(), policy=POLICY).patient != scrub(chart(patient="12345679"), policy=POLICY).patient


# closed doors


def test_a_recogniser_that_crashes_lets_nothing_through(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(texts: list[str], **_: object) -> None:
        raise ValueError(texts[0])

    monkeypatch.setattr(_scrub, "find_many", broken)
    monkeypatch.setattr(_scrubber, "find_many", broken)
    for call in (lambda: scrub(chart(), policy=POLICY), lambda: scrub_text("王小明", policy=POLICY)):
        with pytest.raises(IdentityError) as caught:
            call()
        assert "王小明" not in str(caught.value)
        assert caught.value.__cause__ is None


def test_a_known_identifier_that_is_left_over_closes_the_door(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_scrub, "find_many", lambda texts, **_: [[] for _ in texts])
    monkeypatch.setattr(_scrubber, "find_many", lambda texts, **_: [[] for _ in texts])
    with pytest.raises(IdentityError, match="left over"):
        scrub_text("MRN 12345678", policy=POLICY, known=[Identifier("ID", "12345678")])
    assert scrub_text("MRN none", policy=POLICY, known=[Identifier("ID", "12345678")])[0] == "MRN none"


def test_a_vault_that_cannot_be_written_closes_the_door(tmp_path: Path) -> None:
    vault = open_vault(tmp_path / "vault.db", key=b"k" * 32)
    vault.path.write_bytes(b"not a vault any more")
    with pytest.raises(IdentityError):
        scrub(chart(), policy=POLICY, vault=vault)


# whatever comes

ANY = st.text(max_size=40) | st.text(alphabet="王小明 Smith12-\x00\u0301😀\ud800[]NAME", max_size=40)


@given(before=ANY, after=ANY, action=st.sampled_from(["tag", "mask", "surrogate"]))
def test_no_known_identifier_is_ever_in_the_output(before: str, after: str, action: str) -> None:
    known = [Identifier("NAME", "王小明"), Identifier("ID", "ZX-90817263"), Identifier("NAME", "Ada Lovelace")]
    policy = Policy(seed=1, action=action)  # type: ignore[arg-type]
    text = f"{before} 王小明 {after} ada lovelace, zx90817263 {before}"
    try:
        out, _ = scrub_text(text, policy=policy, known=known, patient="7")
    except IdentityError:
        return
    assert "王小明" not in out
    assert "lovelace" not in out.lower()
    assert "90817263" not in out


@given(text=ANY)
@example(text="小\x00小🗿")
def test_tagging_a_tagged_text_changes_nothing(text: str) -> None:
    """What rules and the chart know; the tagger reads a name by its neighbours, and a tag is another neighbour."""
    known = [Identifier("NAME", "王小明"), Identifier("NAME", "Smith"), Identifier("ID", "12-12-12")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_find, "review", lambda texts, spans: [Review([], []) for _ in texts])
        once, _ = scrub_text(text, policy=POLICY, known=known)
        assert scrub_text(once, policy=POLICY, known=known) == (once, [])


@pytest.mark.parametrize(
    "text",
    [
        "患者王小明，男，56岁，2024-03-05入院，由李建国主任查房。",
        "家属张丽代诉，小明昨晚发热，体温38.5℃。",
        "Mr Smith was seen by Dr. Helen Carter on 2024-03-05; his wife Anna called the ward.",
        "BP 120/80, afebrile, lungs clear.",
    ],
)
def test_tagging_a_tagged_clinical_sentence_changes_nothing_by_the_tagger_either(text: str) -> None:
    known = [Identifier("NAME", "王小明"), Identifier("NAME", "Smith")]
    once, _ = scrub_text(text, policy=POLICY, known=known)
    assert scrub_text(once, policy=POLICY, known=known) == (once, [])


@given(text=st.text(), unit=ANY, id=ANY, time=ANY, birth=ANY, patient=ANY)
def test_any_chart_gives_a_chart_or_an_identity_error(
    text: str, unit: str, id: str, time: str, birth: str, patient: str
) -> None:
    entry = Entry(id=id, kind="Observation", text=text, time=time, unit=unit, value=text, origin=Origin(id, unit))
    raw = chart(entries=(entry,), patient=patient, birth_date=birth)
    try:
        done = scrub(raw, policy=POLICY)
    except IdentityError:
        return
    assert not known_candidates(done.entries[0].text.replace("[", "").replace("]", ""), [Identifier("NAME", "王小明")])


# nobody else


def makers_of_chart(source: str) -> Iterator[int]:
    """The lines on which `Chart(...)` is called, or stands where it could be called under another name."""
    tree = ast.parse(source)
    names = {"Chart"}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names |= {alias.asname for alias in node.names if alias.name == "Chart" and alias.asname}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            if (isinstance(called, ast.Name) and called.id in names) or (
                isinstance(called, ast.Attribute) and called.attr == "Chart"
            ):
                yield node.lineno
            if isinstance(called, ast.Name | ast.Attribute) and getattr(called, "id", getattr(called, "attr", "")) in (
                "replace", "partial", "getattr", "map",
            ):  # fmt: skip
                yield from (a.lineno for a in node.args if isinstance(a, ast.Name) and a.id in names)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.value.id in names:
            yield node.lineno


def test_scrub_is_the_only_maker_of_charts_and_charts_py_reads_back_what_it_wrote() -> None:
    makers = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*.py")
        if any(True for _ in makers_of_chart(path.read_text(encoding="utf-8")))
    }
    assert makers == {"deid/_scrub.py", "charts.py"}


@pytest.mark.parametrize(
    "source",
    [
        "from bedside.types import Chart\nChart(patient='7')",
        "from bedside.types import Chart as C\nC()",
        "import bedside.types as t\nt.Chart()",
        "from bedside.types import Chart\nmake = Chart",
        "from functools import partial\nfrom bedside.types import Chart\npartial(Chart)",
    ],
)
def test_a_second_maker_would_be_caught(source: str) -> None:
    assert list(makers_of_chart(source))
    assert not list(makers_of_chart("from bedside.types import Chart\ndef f(x: Chart) -> None: ..."))
