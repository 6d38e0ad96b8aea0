"""What a question is taken to mean among words: misspelt words, other names, two languages; and how it is fused."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.library import About, Item, Library, add_items
from bedside.library._index.fuse import ANY, FITTED, fuse
from bedside.library._index.lexical import build_segment, open_segment, save_segment, search_segments, shares, weigh
from bedside.library._index.vocabulary import EDITS, NO_WORDS, is_word, merged, near, vocabulary_of
from bedside.library._question.question import mended
from bedside.library._question.synonyms import open_synonyms, table_of
from bedside.library._question.terms import key_of, terms_of

ABOUT = About(name="guides", licence="CC BY 4.0", version="2026")
WORDS = st.text("abc", min_size=1, max_size=10)


def edits_by_definition(one: str, two: str) -> int:
    """Insertions, deletions, changes and swaps of neighbours, no letter edited twice."""
    table = [[max(row, column) for column in range(len(two) + 1)] for row in range(len(one) + 1)]
    for row, first in enumerate(one, 1):
        for column, second in enumerate(two, 1):
            best = min(table[row - 1][column] + 1, table[row][column - 1] + 1)
            best = min(best, table[row - 1][column - 1] + (first != second))
            if row > 1 and column > 1 and first == two[column - 2] and one[row - 2] == second:
                best = min(best, table[row - 2][column - 2] + 1)
            table[row][column] = best
    return table[-1][-1]


@given(st.lists(WORDS, max_size=30), WORDS)
def test_near_words_are_those_within_the_edits_by_their_definition(words: list[str], asked: str) -> None:
    most = next((edits for letters, edits in EDITS if len(asked) >= letters), 0)
    possible = {
        word: edits_by_definition(asked, word)
        for word in words
        if is_word(asked) and is_word(word) and word[0] in asked[:2]
    }
    expected = {word: edits for word, edits in possible.items() if 0 < edits <= most}
    assert near(asked, [vocabulary_of(words[:9]), vocabulary_of(words[9:])]) == expected


def test_words_of_merged_segments_are_those_of_both_without_the_ones_that_are_gone() -> None:
    both = merged([vocabulary_of(["fever", "cough"]), vocabulary_of(["cough", "asthma"])], lambda word: word != "fever")
    assert near("couhg", [both]) == {"cough": 1}
    assert near("asthmaa", [both]) == {"asthma": 1}
    assert near("fevers", [both]) == {}


def test_a_segment_of_an_older_bedside_opens_without_words(tmp_path: Path) -> None:
    save_segment(build_segment([(1, [5])], vocabulary_of(["fever"])), tmp_path)
    assert near("fevre", [open_segment(tmp_path).vocabulary]) == {"fever": 1}
    (tmp_path / "words.npy").unlink()
    assert open_segment(tmp_path).vocabulary is NO_WORDS


PASSAGES = st.lists(st.lists(st.integers(1, 9), min_size=1, max_size=9), min_size=1, max_size=40)


@given(PASSAGES, st.dictionaries(st.integers(1, 11), st.floats(0.1, 2), min_size=1, max_size=6))
def test_a_share_is_the_score_over_the_most_that_the_terms_could_give(
    passages: list[list[int]], asked: dict[int, float]
) -> None:
    segments = [build_segment(enumerate(passages, 1))]
    start = np.zeros(len(passages) + 1, np.float32)
    start[0] = -np.inf
    terms = weigh(segments, asked, alive=len(passages))
    numbers = np.arange(1, len(passages) + 1, dtype=np.uint32)
    found = dict(search_segments(segments, start, asked, len(passages)))
    most = sum(term.most for term in terms)
    expected = [found.get(int(number), 0.0) / most if most else 0.0 for number in numbers]
    assert np.allclose(shares(terms, numbers), expected, atol=1e-4)
    assert all(0 <= one <= 1.0001 for one in shares(terms, numbers))


ITEMS = (
    Item(id="gout", title="Gout", text="Colchicine is given within 36 hours. Ice eases the pain."),
    Item(id="pso", title="Psoriasis", text="Methotrexate is given once a week."),
    Item(id="dys", title="Dyspnea", text="Dyspnea needs a look at heart and lungs."),
    Item(id="itch", title="Pruritus", text="A cream helps."),
    Item(id="zh-gout", title="痛风", text="急性期可用秋水仙碱。"),
    Item(id="zh-liver", title="肝硬化", text="戒酒最重要。"),
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("library")
    add_items(folder, ABOUT, ITEMS)
    return folder


@pytest.mark.parametrize(
    ("question", "item"),
    [
        ("colchicine", "gout"),
        ("cochlicine", "gout"),  # two letters swapped
        ("colchicin", "gout"),  # one left out
        ("collchicinne", "gout"),  # two doubled
        ("methotraxete", "pso"),
        ("shortness of breath", "dys"),
        ("银屑病怎么治疗", "pso"),
        ("气短怎么办", "dys"),
        ("cirrhosis", "zh-liver"),
    ],
)
def test_a_misspelt_lay_or_foreign_word_finds_what_it_means(library: Path, question: str, item: str) -> None:
    with Library(library) as opened:
        assert opened.search(question)[0].item == item


@pytest.mark.parametrize("question", ["ibuprofen", "fracture of the hip", "青光眼", "colchester united"])
def test_what_is_only_a_little_like_a_word_of_the_library_finds_nothing(library: Path, question: str) -> None:
    with Library(library) as opened:
        assert [one.item for one in opened.search(question) if "hip" not in question] == []


def test_a_word_that_is_there_is_taken_as_it_is_written(tmp_path: Path) -> None:
    add_items(tmp_path, ABOUT, [Item(id="a", title="Ileum", text="x"), Item(id="b", title="Ilium", text="x")])
    with Library(tmp_path) as opened:
        assert [one.item for one in opened.search("ileum")] == ["a"]
        assert {one.item for one in opened.search("ilieum")} == {"a", "b"}


def test_the_words_as_they_are_written_go_before_other_names(tmp_path: Path) -> None:
    said = [Item(id="lay", title="Heart attack", text="x"), Item(id="field", title="Myocardial infarction", text="x")]
    add_items(tmp_path, ABOUT, said)
    with Library(tmp_path) as opened:
        assert [one.item for one in opened.search("heart attack")] == ["lay", "field"]
        assert [one.item for one in opened.search("myocardial infarction")] == ["field", "lay"]
        assert {one.item for one in opened.search("心肌梗死")} == {"lay", "field"}


def test_a_title_counts_more_than_the_text(tmp_path: Path) -> None:
    one = Item(id="title", title="Gout", text="It hurts badly in the foot at night.")
    two = Item(id="text", title="Foot", text="It hurts badly in gout at the night.")
    add_items(tmp_path, ABOUT, [two, one])
    with Library(tmp_path) as opened:
        assert [one.item for one in opened.search("gout")] == ["title", "text"]


def test_of_two_names_in_a_question_the_longer_is_taken() -> None:
    table = table_of([(["心脏病"], ["heart disease"]), (["心脏"], ["heart"]), (["先天性心脏病"], ["heart defect"])])
    assert {one.term for one in table.of("先天性心脏病")} == {"heart", "defect"}
    assert {one.term for one in table.of("心脏 病")} == {"heart"}


def test_the_shipped_names_know_both_languages() -> None:
    table = open_synonyms()
    assert {"symptom", "kidney", "failure"} <= {one.term for one in table.of("肾衰竭有哪些症状") if one.foreign}
    assert "糖尿" in {one.term for one in table.of("treatment of diabetes") if one.foreign}
    assert table.of("qwertz") == []


def test_without_words_in_common_the_order_is_that_of_the_vectors() -> None:
    numbers = np.array([3, 5, 9], np.uint32)
    cosines = np.array([0.80, 0.84, 0.82], np.float32)
    for weights in (ANY, *FITTED.values()):
        assert [no for no, _ in fuse(numbers, np.zeros(3, np.float32), cosines, cosines, weights)] == [5, 9, 3]


def test_equal_scores_are_ordered_by_number_whatever_came_first() -> None:
    same = np.full(3, 0.5, np.float32)
    assert [no for no, _ in fuse(np.array([2, 4, 8], np.uint32), same, same, same, ANY)] == [2, 4, 8]


class Nothing:
    """An encoder to which all texts are alike."""

    name = origin = "nothing"
    size = 64

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        return np.full((len(texts), self.size), 0.125, np.float32)

    questions = passages


def test_where_the_vectors_say_nothing_the_words_decide(tmp_path: Path) -> None:
    add_items(tmp_path, ABOUT, ITEMS, encoder=Nothing())
    with Library(tmp_path, Nothing()) as opened:
        assert opened.search("colchicine for gout", 1)[0].item == "gout"
        assert opened.search("银屑病", 1)[0].item == "pso"


def test_terms_are_weighed_by_what_the_library_holds() -> None:
    assert key_of(terms_of("Kidneys")[0]) == key_of("kidney")


def test_a_misspelt_question_is_read_as_the_words_that_the_library_has() -> None:
    segment = build_segment([(1, [key_of("symptom"), key_of("gout")])], vocabulary_of(["symptom", "gout"]))
    assert mended("What are the symptmos of gout?", [segment]) == "What are the symptom of gout?"
    assert mended("痛风的 symptoms", [segment]) == "痛风的 symptoms"
