"""English words and figures the tagger or a rule alone would take for identity, each beside one that is."""

from __future__ import annotations

import pytest

from bedside.deid import find
from bedside.deid._recogniser import Candidate
from bedside.deid.recognisers.messages import recognise
from bedside.deid.tagger.edges import bounded, untitled


def shown(text: str) -> list[str]:
    return [text[span.start : span.end] for span in find(text)]


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Dr. Patel: trimethoprim 200 bd 3/7, seen on 3/7.", ["Patel", "3/7"]),
        ("Dr. Patel: VA RE 6/12 ph 6/9, seen 6/9.", ["Patel", "6/9"]),
        ("Dr. Patel: HADS 9/7, seen 9/7.", ["Patel", "9/7"]),
        ("Dr. Patel: Gleason 7, 3/14, 20%, biopsied 3/14.", ["Patel", "3/14"]),
        ("Dr. Patel: 0830 turned, 1912 to theatre; born in 1912.", ["Patel", "1912"]),
        ("Dr. Patel runs the Wednesday group. Seen Wednesday.", ["Patel", "Wednesday"]),
        ("Mr. Okafor plays skittles on a Friday night, fell on Friday.", ["Okafor", "Friday"]),
        ("Dr. Patel: floaters since Monday.", ["Patel", "Monday"]),
        ("2/ 08:25 surgeon Patel accepted on 14/5 08:25.", ["Patel", "14/5"]),
    ],
)
def test_figures_beside_days(said: str, left: list[str]) -> None:
    assert shown(said) == left


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Dr. Patel: crown D2740, injection J3301, chart # D-20931.", ["Patel", "D-20931"]),
        ("Dr. Patel: C6, L5-S1: Modic 2. Bed L5.", ["Patel", "Bed L5"]),
        ("Dr. Patel: in room 0731, incision 0812; back to room 731.", ["Patel", "room 731"]),
        ("Ms. Okafor is Irish and lives in Galway.", ["Okafor", "Galway"]),
        ("Ms. Okafor moved here from Somalia, then from Leicester.", ["Okafor", "Leicester"]),
        ("Dr. Patel: vancomycin MIC 1 by Etest, read by Lopez.", ["Patel", "Lopez"]),
        ("Dr. Patel: Kemp's + left.", ["Patel"]),
        ("Dr. Patel: Kemp's wife called.", ["Patel", "Kemp"]),
        ("Bed mobility: Min A. Dr. Patel agrees.", ["Patel"]),
        ("Seen: Min A. Kim and Dr. Patel.", ["Min A. Kim", "Patel"]),
        ("Surgeon: An operation was advised. Surgeon: An Nguyen", ["An Nguyen"]),
    ],
)
def test_words_beside_names(said: str, left: list[str]) -> None:
    assert shown(said) == left


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Our ref: JH/tlk/2209418. Ref: see her/his form.", ["JH/tlk/2209418"]),
        ("On scene at I-35 at mile marker 211, TNM T2-N1.", ["I-35 at mile marker 211"]),
        ("K+ 7.1 called to M. Sato RN, RB by TW", ["M. Sato", "TW"]),
        ("I can come. Cheers, Sue\nx3319", ["Sue", "x3319"]),
        ("Referred by Dr. Srinivas Chary MD for a wary patient.", ["Srinivas Chary"]),
        ("From Stow-on-the-Wold, hand-on-the-wall balance poor.", ["Stow-on-the-Wold"]),
        ("Seen with sister Angharad and Chidinma.", ["Angharad", "Chidinma"]),
    ],
)
def test_what_goes(said: str, left: list[str]) -> None:
    assert shown(said) == left


def test_an_hl7_message_gives_its_identity_by_place_and_keeps_its_results() -> None:
    """The same figures in PID-3 and in OBX-5: a record's number, and a result."""
    said = (
        "PID|1||4471902^^^MRN||HALVORSEN^GRETCHEN^L||19571103|F|||88 QUARRY RD^^DULUTH^MN^55804||2185550143\n"
        "OBR|1|A771203|24-0670192|80048^BMP|||202403071330|||||||||1487720043^OYELARAN^FEMI\n"
        "OBX|1|NM|2951-2^SODIUM||4471902|mmol/L|135-145|N|||F"
    )
    assert [said[one.start : one.end] for one in recognise(said)] == [
        "4471902",
        "HALVORSEN^GRETCHEN^L",
        "19571103",
        "88 QUARRY RD^^DULUTH^MN^55804",
        "2185550143",
        "A771203",
        "24-0670192",
        "202403071330",
        "1487720043",
        "OYELARAN^FEMI",
    ]
    assert not {"2951-2", "135-145"} & set(shown(said))


@pytest.mark.parametrize(
    ("segment", "place"),
    [
        *(("ORC", place) for place in (10, 11, 12, 19)),  # entered, verified, ordered by; action by
        *(("OBR", place) for place in (10, 16, 28, 32, 35)),  # collector, orderer, copies to, reader, typist
        *(("PV1", place) for place in (7, 17, 52)),
        *(("DG1", 16), ("PV2", 13), ("EVN", 5), ("OBX", 16), ("OBX", 25)),
    ],
)
@pytest.mark.parametrize("who", ["456^VERIFIER^PAUL", "55&PRYCE&DELYTH"])
def test_whoever_a_field_of_a_message_names_goes(segment: str, place: int, who: str) -> None:
    assert who[who.index("P" if "&" in who else "V") :] in shown(f"{segment}{'|' * place}{who}")


@pytest.mark.parametrize(
    ("said", "kind", "kept"),
    [
        ("Dr Niamh carries", "NAME", "Niamh"),
        ("Dr Ruth van Dam", "STAFF", "Ruth van Dam"),
        ("Kroger on", "ORG", "Kroger"),
        ("until 14 Aug", "DATE", "14 Aug"),
        ("supportive husband Lee", "NAME", "Lee"),
    ],
)
def test_a_find_loses_what_is_no_part_of_it(said: str, kind: str, kept: str) -> None:
    one = untitled(said, Candidate(0, len(said), kind, 0.8, ""))
    assert said[one.start : one.end] == kept


@pytest.mark.parametrize(
    ("said", "end", "kind", "kept"),
    [
        ("SHANE LEE COULTHARD, arrested", 9, "NAME", "SHANE LEE COULTHARD"),
        ("SHANE LEE DENIES this", 9, "NAME", "SHANE LEE"),
        ("900 411 827, 40 mg", 3, "ID", "900 411 827"),
        ("900 411 mg", 3, "ID", "900"),
        ("19/4 and 20/4", 2, "DATE", "19/4"),
        ("Pugh R; next", 4, "NAME", "Pugh R"),
        ("Pugh R arm", 4, "NAME", "Pugh"),
    ],
)
def test_a_find_takes_in_the_rest_of_itself(said: str, end: int, kind: str, kept: str) -> None:
    one = bounded(said, Candidate(0, end, kind, 0.8, ""))
    assert said[one.start : one.end] == kept
