"""Actions: a tag says what stood there, a mask nothing, a surrogate something plausible and always the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.deid import Policy
from bedside.deid._policy import read_policy
from bedside.deid.actions.replace import replace
from bedside.deid.actions.surrogates import Surrogates
from bedside.errors import ConfigError
from bedside.lang import set_lang
from bedside.types import IDENTITY_TYPES, Span

KEY = b"k" * 32


def draw(type: str, original: str, patient: str = "7", avoid: frozenset[str] = frozenset()) -> str:
    new = Surrogates(KEY, patient, avoid).replace(type, original)
    assert new is not None
    return new


def done(text: str, *spans: Span, **settings: object) -> str:
    return replace(text, spans, policy=Policy(**settings), key=KEY, patient="7").text  # type: ignore[arg-type]


def test_a_tag_names_the_type_and_a_mask_does_not() -> None:
    text, span = "Mr Smith coughs", Span(3, 8, "NAME")
    assert done(text, span) == "Mr [NAME] coughs"
    assert done(text, span, action="mask") == "Mr *** coughs"
    assert done(text, span, action="mask", mask_same_length=True) == "Mr ***** coughs"


def test_each_type_may_have_its_own_action() -> None:
    out = done("李娜 2023年5月6日", Span(0, 2, "NAME"), Span(3, 12, "DATE"), actions={"NAME": "mask"}, date="tag")
    assert out == "*** [DATE]"


def test_a_date_that_cannot_be_shifted_becomes_a_tag() -> None:
    assert done("于端午节入院", Span(1, 4, "DATE"), date="shift") == "于[DATE]入院"


def test_the_full_name_and_the_surname_alone_stay_one_person() -> None:
    assert draw("NAME", "John Smith").split()[1] == draw("NAME", "Smith")
    assert draw("NAME", "SMITH, Mary").split(",")[0] == draw("NAME", "Smith").upper()
    assert draw("NAME", "王小丽")[0] == draw("NAME", "王")


def test_the_same_name_is_another_one_for_another_patient() -> None:
    assert len({draw("NAME", "John Smith", patient=str(n)) for n in range(20)}) > 10


def test_womens_names_stay_womens_names() -> None:
    from bedside.deid.actions.fictions import fictions

    assert draw("NAME", "Jennifer Kowalski").split()[0] in fictions()["en_female"]
    assert draw("NAME", "James Kowalski").split()[0] in fictions()["en_male"]
    assert draw("NAME", "李丽芳")[1:] in fictions()["zh_female"]


@pytest.mark.parametrize(
    ("type", "original", "form"),
    [
        ("PHONE", "138-1234-5678", r"154-\d{4}-\d{4}"),
        ("PHONE", "(212) 456-7890", r"\(\d{3}\) 555-01\d\d"),
        ("PHONE", "010-65296114", r"\d{3}-\d{8}"),
        ("ID", "ZY-00123AB", r"[A-Z]{2}-\d{5}[A-Z]{2}"),
        ("EMAIL", "a.b@hospital.cn", r"user\d{6}@example\.com"),
        ("URL", "https://x.cn/p/7", r"https://example\.org/\d+"),
        ("LICENSE_PLATE", "京A·12345", r"[^京]\w·\w{5}"),
        ("AGE_OVER_89", "93岁", "90岁"),
        ("AGE_OVER_89", "九十三岁", "九十岁"),
        ("BED/ROOM", "12床", r"\d\d床"),
        ("HOSPITAL", "河北某某中医院", r".+市中医院"),
        ("HOSPITAL", "St. Mary's", r"[A-Z]\w+ .*(?:Hospital|Center)"),
        ("STAFF", "李建国主任", r".{2,3}主任"),
        ("STAFF", "Dr. Kowalski", r"Dr\. [A-Z]\w+"),
        ("NAME", "阿卜杜拉·买买提", r".+·.+"),
    ],
)
def test_a_surrogate_has_the_form_of_the_original(type: str, original: str, form: str) -> None:
    assert re.fullmatch(form, draw(type, original))
    assert draw(type, original) != original


def test_a_resident_id_passes_its_checksum_and_belongs_to_nobody() -> None:
    new = draw("ID", "11010519491231002X")
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(new[:17]))
    assert new[17] == "10X98765432"[total % 11]
    assert new.startswith("99")
    assert int(new[16]) % 2 == 0


def test_no_surrogate_is_somebody_elses_original() -> None:
    first = draw("NAME", "John Smith")
    taken = frozenset({first.casefold(), *first.casefold().split()})
    assert not taken & set(draw("NAME", "John Smith", avoid=taken).casefold().split())


@given(
    type=st.sampled_from([t for t in IDENTITY_TYPES if t != "DATE"]),
    original=st.text(min_size=1, max_size=20),
    patient=st.text(max_size=5),
)
def test_any_original_is_replaced_the_same_way_every_time(type: str, original: str, patient: str) -> None:
    one = Surrogates(KEY, patient).replace(type, original)
    assert one == Surrogates(KEY, patient).replace(type, original)
    assert one is None or one != original


@given(
    text=st.text(max_size=60),
    cut=st.tuples(st.integers(0, 60), st.integers(1, 20)),
    action=st.sampled_from(["tag", "mask", "surrogate"]),
)
def test_what_is_outside_the_spans_is_untouched(text: str, cut: tuple[int, int], action: str) -> None:
    start, end = cut[0], min(len(text), cut[0] + cut[1])
    spans = [Span(start, end, "NAME")] if start < end else []
    out = replace(text, spans, policy=Policy(action=action), key=KEY, patient="7")  # type: ignore[arg-type]
    ours = [out.text[a:b] for a, b in out.ours]
    assert out.text == (text[:start] + ours[0] + text[end:] if spans else text)


def test_a_policy_file_is_refused_with_every_fault_at_once(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text('action = "keep"\nextra = 1\n[actions]\nNAME = "keep"\nNOSE = "tag"\n')
    with pytest.raises(ConfigError) as caught:
        read_policy(path)
    assert len(caught.value.faults) == 4
    path.write_text('action = "mask"\n[actions]\nNAME = "surrogate"\n')
    assert Policy(**read_policy(path)).action_for("NAME") == "surrogate"


@pytest.mark.parametrize(
    ("written", "english", "chinese"),
    [
        (b'action = "tag"\ndate = shift\n', "line 2", "第 2 行"),
        (b'action = "\xb1\xea\xbc\xc7"', "not UTF-8", "不是 UTF-8"),
        (None, "no such file", "文件不存在"),
        (b'seed = "one"', "seed: expected a whole number", "seed: 应为 整数"),
        (b'nose = "tag"', "nose: unknown key", "nose: 未知的键"),
    ],
)
def test_what_is_wrong_with_a_policy_is_said_in_the_users_words(
    tmp_path: Path, written: bytes | None, english: str, chinese: str
) -> None:
    path = tmp_path / "policy.toml"
    if written is not None:
        path.write_bytes(written)
    for lang, words in (("en", english), ("zh", chinese)):
        set_lang(lang)
        with pytest.raises(ConfigError, match=words) as refused:
            read_policy(path)
        assert "Error" not in str(refused.value)


def test_a_folder_is_no_policy(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="a folder"):
        read_policy(tmp_path)
