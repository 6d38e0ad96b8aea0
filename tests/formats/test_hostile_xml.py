"""XML that attacks its reader is refused in no time; XML that is only broken or fragmentary is not an attack."""

import time

import pytest
from _reading import read_text, texts

from bedside.errors import FormatError
from bedside.formats import ccda, fhir
from bedside.formats._syntax.xml import WRAPPER, local, parse

XXE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><ClinicalDocument>&x;</ClinicalDocument>'
LAUGHS = (
    '<!DOCTYPE a [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY a{i} "{f"&a{i - 1 if i else str()};" * 10}">' for i in range(10))
    + "]><section>&a9;</section>"
)
QUADRATIC = f'<!DOCTYPE a [<!ENTITY a "{"x" * 100_000}">]><section>{"&a;" * 100_000}</section>'
REMOTE = '<!DOCTYPE a SYSTEM "http://example.com/x.dtd"><section><title>x</title></section>'
DEEP = "<section>" * 100_000
DEEP_CLOSED = "<section>" * 100_000 + "</section>" * 100_000
LATE = '<?xml version="1.0"?><!-- a comment --><?pi x?>' + XXE
ATTACKS = {
    "xxe": XXE,
    "laughs": LAUGHS,
    "quadratic": QUADRATIC,
    "remote": REMOTE,
    "deep": DEEP_CLOSED,
    "open": DEEP,
    "late": LATE,
}


@pytest.mark.parametrize("name", ATTACKS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_attack_is_refused_fast(tmp_path, name, encoding):
    start = time.process_time()
    with pytest.raises(FormatError):
        read_text(ccda.FORMAT, tmp_path, ATTACKS[name].encode(encoding))
    assert time.process_time() - start < 20


def test_a_bomb_in_fhir_xml_is_refused_as_well(tmp_path):
    bomb = '<!DOCTYPE a [<!ENTITY a "x">]><Patient xmlns="http://hl7.org/fhir"><id value="&a;"/></Patient>'
    with pytest.raises(FormatError, match="DTD"):
        read_text(fhir.FORMAT, tmp_path, bomb)


def test_an_entity_without_a_dtd_is_refused_and_an_escaped_one_is_text():
    with pytest.raises(FormatError):
        parse(b"<title>&nbsp;</title>", "x")
    assert parse(b"<title>BP &lt; 90 &amp; pale</title>", "x").text == "BP < 90 & pale"


def test_a_declared_encoding_that_hides_markup_is_refused_and_gb18030_is_read():
    with pytest.raises(FormatError, match="encoding"):
        parse(b'<?xml version="1.0" encoding="utf-7"?><a/>', "x")
    assert parse('<?xml version="1.0" encoding="GB2312"?><a>高血压</a>'.encode("gb18030"), "x").text == "高血压"


def test_fragments_get_a_root_and_their_prefixes_but_only_when_asked():
    two = b'<value xsi:type="PQ"/><sdtc:id/><odd:x/>'
    assert local(parse(two, "x", prefixes={"xsi": "urn:xsi"})) == WRAPPER
    with pytest.raises(FormatError, match="line 1"):
        parse(two, "x")


def test_a_two_megabyte_note_is_read_whole(tmp_path):
    note = "Patient denies chest pain. " * 80_000
    charts, _ = read_text(ccda.FORMAT, tmp_path, f"<section><title>Course</title><text>{note}</text></section>")
    assert len(texts(charts)[0]) > 2_000_000
