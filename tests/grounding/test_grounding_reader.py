"""The learnt reader beside the rules: when it is asked, what it decides, and that its file is the one fitted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from bedside import registry
from bedside.backbones._load import load_backbone
from bedside.errors import ModelError
from bedside.grounding import Ground, _learnt, ground
from bedside.grounding._align import Aligner, together
from bedside.grounding._states import States
from bedside.grounding.reader import WINDOW, Laid, Place, Reader, default_reader, nearest, windows
from bedside.grounding.rewrite import put_right
from bedside.guards import grounding as guard
from bedside.heads.rank import RankHead
from bedside.model.engines.torch import TorchEngine
from bedside.types import Proposal

SURE = 30.0
CHARTS = [
    (
        "en",
        "Denies chest pain. Metformin 1000 mg BID.",
        "Her sugar tablets were doubled at the visit.",
        "No chest pain.",
    ),
    ("zh", "否认胸痛。二甲双胍1.0g bid。", "门诊嘱其加倍服用降糖药。", "无胸痛。"),
]


@dataclass
class Told:
    """A reader that says of every sentence what it was told to, and keeps what it was asked."""

    doubt: float
    asked: list[str] = field(default_factory=list)
    charts: list[str] = field(default_factory=list)

    def lay(self, chart: str, places: Sequence[Place]) -> Laid:
        self.charts.append(chart)
        return Laid(torch.zeros(1, 1), {place: [0] for place in places})

    def read(self, sentences: Sequence[str], laid: Laid, evidence: Sequence[Sequence[Place]]) -> list[float]:
        self.asked += sentences
        return [self.doubt] * len(sentences)


@pytest.mark.parametrize(("lang", "chart", "said", "plain"), CHARTS)
def test_a_paraphrase_is_kept_where_the_reader_vouches_for_it_and_left_out_where_it_doubts_it(
    lang: str, chart: str, said: str, plain: str
) -> None:
    vouched, doubted = (ground(chart, [said, plain], lang, Told(doubt)) for doubt in (-SURE, SURE))  # type: ignore[arg-type]
    assert [one.verdict for one in vouched] == ["supported", "supported"]
    assert not any(one.supported for one in doubted)
    assert all("reader" in one.because for one in doubted)
    assert not any("reader" in one.because for one in vouched)


@pytest.mark.parametrize(
    ("lang", "chart", "wrong"),
    [
        ("en", "Left knee swollen. No fever.", "The right knee is swollen."),
        ("en", "Metformin 1000 mg BID. Denies chest pain.", "He takes metformin 500 mg twice daily."),
        ("zh", "左膝肿胀。无发热。", "右膝肿胀。"),
        ("zh", "否认胸痛。二甲双胍1.0g bid。", "患者诉胸痛。"),
    ],
)
def test_a_reader_that_vouches_for_it_does_not_make_good_what_the_chart_speaks_against(
    lang: str, chart: str, wrong: str
) -> None:
    (found,) = ground(chart, [wrong], lang, Told(-SURE))  # type: ignore[arg-type]
    assert found.verdict == "contradicted"


def test_all_sentences_of_an_answer_are_read_at_once_and_the_chart_only_once() -> None:
    reader = Told(-SURE)
    chart = Ground("Denies chest pain.", "en", reader)
    chart.ground_all(["No chest pain.", "She has asthma."])
    chart.ground("She has gout.")
    assert reader.asked == ["No chest pain.", "She has asthma.", "She has gout."]
    assert len(reader.charts) == 1


@pytest.mark.parametrize("said", ["The patient was seen today.", "今日见到患者。"])
def test_a_sentence_that_claims_nothing_is_not_asked_about(said: str) -> None:
    reader = Told(SURE)
    assert ground("Denies chest pain.", [said], reader=reader)[0].supported
    assert reader.asked == []


def test_an_empty_chart_is_left_to_the_rules() -> None:
    reader = Told(-SURE)
    assert not ground("", ["She has asthma."], "en", reader)[0].supported
    assert reader.asked == []


def test_a_dose_is_put_right_with_a_reader_as_without() -> None:
    done = put_right(["Metformin 500 mg BID."], Ground("Meds: metformin 1000 mg BID.", "en", Told(0.0)))
    assert [one.now for one in done] == ["Metformin 1000 mg BID."]


def test_the_guard_asks_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bedside.grounding.reader.default_reader", lambda: Told(SURE))
    [found] = guard.GUARD.check(Proposal(text="No chest pain.", evidence=["Denies chest pain."]))
    assert found.rule == "grounding.unsupported"


def test_without_its_encoder_there_is_no_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = type("Absent", (), {"installed": staticmethod(lambda: False)})
    monkeypatch.setattr(registry, "load", lambda *_: absent)
    assert default_reader.__wrapped__() is None


@given(st.lists(st.integers(1, 400), max_size=8), st.integers(0, 3))
def test_windows_hold_every_token_once_and_none_is_too_long(lengths: list[int], gap: int) -> None:
    sentences, at = [], 0
    for length in lengths:
        sentences.append(list(range(at, at + length)))
        at += length + gap
    cut = windows(sentences, at)
    assert [one for low, high in cut for one in range(low, high)] == list(range(at))
    assert all(high - low <= WINDOW for low, high in cut)


def test_a_window_ends_where_a_sentence_ends() -> None:
    assert windows([list(range(200)), list(range(200, 300))], 300) == [(0, 200), (200, 300)]


def test_what_the_rules_found_is_read_first_and_then_what_is_nearest() -> None:
    states = torch.eye(4)[[0, 0, 1, 1, 2, 2]]
    laid = Laid(states, {(0, 5): [0, 1], (5, 9): [2, 3], (9, 12): [4, 5] * 31})
    said = torch.eye(4)[[1]]
    assert set(nearest(said, laid, [])) == {0, 1, 2, 3}  # the long one no longer fits
    assert set(nearest(said, laid, [(9, 12)])) == {2, 3, 4, 5}  # the long one first, and what then fits


def _reader() -> Reader:
    echo = load_backbone("echo")
    engine = TorchEngine(echo.network, RankHead(echo.hidden_size), echo.tokenizer, echo.pad_id)
    torch.manual_seed(0)
    networks = [Aligner(echo.hidden_size, 8).eval() for _ in range(2)]
    return Reader(States(engine, ""), networks, torch.zeros(echo.hidden_size), torch.ones(echo.hidden_size))


@pytest.mark.parametrize(("lang", "chart", "said", "plain"), CHARTS)
def test_what_is_made_of_a_sentence_does_not_hang_on_those_beside_it(
    lang: str, chart: str, said: str, plain: str
) -> None:
    reader = _reader()
    half = len(chart) // 2
    laid = reader.lay(chart, [(0, half), (half, len(chart))])
    both = reader.read([said, plain], laid, [[], []])
    alone = [reader.read([one], laid, [[]])[0] for one in (said, plain)]
    assert both == pytest.approx(alone, abs=1e-4)
    assert both[0] != both[1]


def test_padding_says_nothing() -> None:
    network = Aligner(16, 4).eval()
    short, long = torch.randn(3, 16), torch.randn(7, 16)
    chart = torch.randn(5, 16)
    padded = network(*together([short, long]), *together([chart, chart]))[0]
    assert padded.item() == pytest.approx(network(*together([short]), *together([chart])).item(), abs=1e-5)


def test_a_reader_is_the_same_after_it_was_written_and_read() -> None:
    reader = _reader()
    data = _learnt.packed(reader.networks, torch.zeros(32), torch.ones(32))
    again = _learnt.unpacked(data, reader.states)
    laid = reader.lay("Denies chest pain.", [(0, 18)])
    said = ["No chest pain.", "无胸痛。"]
    assert again.read(said, laid, [[], []]) == pytest.approx(reader.read(said, laid, [[], []]), abs=1e-2)


def test_the_shipped_file_is_the_one_that_was_fitted_and_another_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_learnt, "states", lambda: None)
    assert _learnt.open_reader().networks
    monkeypatch.setattr(_learnt, "SHA256", "0" * 64)
    with pytest.raises(ModelError, match="not those that were shipped"):
        _learnt.open_reader()
