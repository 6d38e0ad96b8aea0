"""Numbers that identify: national ID with checksum, 住院号 and its kin, passport, insurance, bank accounts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.chinese import any_of, words
from bedside.deid.patterns.anchors import Anchored, anywhere

_PROVINCE = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])"
_BORN = r"(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_NATIONAL = anywhere(rf"(?<![\dA-Za-z.]){_PROVINCE}\d{{4}}[ \-]?{_BORN}[ \-]?\d{{3}}[ \-]?[\dXx](?![\dA-Za-z])")
_SPACED = anywhere(
    rf"(?<![\dA-Za-z.]){_PROVINCE}\d{{2}} ?\d{{2}} ?(?:(?:18|19|20)\d{{2}}) ?\d{{2}} ?\d{{2}}"
    rf" ?\d{{3}} ?[\dXx](?![\dA-Za-z])|(?<![\dA-Za-z.])\d{{6}} \d{{4}} \d{{4}}"
    rf" \d{{3}}[\dXx](?![\dA-Za-z])"
)
_EIGHTEEN = anywhere(r"(?<![\dA-Za-z.])\d{17}[\dXx](?![\dA-Za-z])")
_OLD = anywhere(
    rf"(?<![\dA-Za-z.]){_PROVINCE}\d{{4}}\d{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{{3}}(?![\dA-Za-z])"
)
_MASKED = anywhere(
    r"(?<![\dA-Za-z*])\d{3,10}[*xX×＊]{4,12}\d{0,4}[\dXx](?![\dA-Za-z*])"
    r"|(?<![\dA-Za-z*])\d{6,14}[*＊×]{3,8}(?![\dA-Za-z*])"
)
_CARD = anywhere(
    r"(?<![\dA-Za-z.])(?:62\d{14,17}|[3-5]\d{15})(?!\d)|(?<![\dA-Za-z.])(?:62\d{2}"
    r"|[3-5]\d{3})(?:[ \-]\d{4}){3}(?:[ \-]\d{1,3})?(?!\d)"
)

_ID_LABELS = words("ids id labels")
_ACCOUNT_LABELS = words("ids account labels")
_VALUE = (
    r"((?:[A-Za-z]{1,6}-)?(?:[A-Za-z]{1,6}[- ]?)?(?:\d[\dA-Za-z*＊]*"
    r"|[A-Za-z]{1,4}\d[\dA-Za-z*]*)(?:[-_/. ](?=[\dA-Za-z]*\d)[\dA-Za-z*]{1,19}){0,5}"
    r"(?:-[A-Z]{1,4}(?![A-Za-z\d]))?(?:(?:~|\.\.)\d{1,5})?(?:\([\dA-Z]\))?)"
)
_LINK = r" {0,3}(?:\([^()\n]{1,8}\) {0,2})?(?:[:|=#]|为|是|系|尾号|No\.?)? {0,4}[:#]? {0,2}[\[(【「〔“]? {0,2}"


def _labelled(words: str) -> Anchored:
    return anywhere(rf"(?<![A-Za-z])(?:{any_of(words)}){_LINK}{_VALUE}", re.ASCII)


_ID = _labelled(_ID_LABELS)
_ACCOUNT = _labelled(_ACCOUNT_LABELS)
_ARMY = anywhere(r"[军海空武政后参联战士兵警文]{1,2}字第? ?[\d\-]{5,12} ?号?|[南北东西中]字第? ?\d{5,10} ?号?")
_PASSPORT = anywhere(r"(?<![A-Za-z\d])(?:护照|通行证|台胞证)[^A-Za-z\d\n]{0,6}([A-Z]{1,2}\d{7,9})(?!\d)")
_OTHER_LABEL = anywhere(
    rf"(?<![批型货文序准字版期分几信符钢线管针镜刀])(?:号|编号"
    rf"|(?<=[者人证书]编)码)(?:\([^()\n]{{1,6}}\))?(?: ?[:|] ?| {{0,3}}){_VALUE}",
    re.ASCII,
)
_LEADING_ZERO = anywhere(r"(?<![\dA-Za-z.*:/\-])0\d{6,11}(?![\dA-Za-z.*%:/\-])")
_NEAR_BANK = re.compile(
    r"银行|卡号|行卡|[工农中建交招邮]行|账[号户]|帐[号户]|开户|退款|赔款|收款|转账|汇[款入]|打[到入]|信用社|农信|卡"
)
_UNION_PAY = anywhere(r"(?<![\dA-Za-z.])62(?: ?\d){14,17}(?! ?\d)")
_TAIL = anywhere(
    r"(卡|账户|帐户|银行|手机|电话|身份证)[^\n,，。;；]{0,6}?(?:尾号|后四位|末四位)(?:是|为|:)? {0,2}(\d{4})(?!\d)"
)
_TAIL_TYPES = {"手机": "PHONE", "电话": "PHONE", "身份证": "ID"}
_CASE_NUMBER = anywhere(
    r"[\u4e00-\u9fff]{2,8}[〔\[(](?:19|20)\d{2}[〕\])](?![年版修])(?:[\u4e00-\u9fff]{1,4})?第? ?\d{1,6} ?号"
)
_CASE_BY_YEAR = anywhere(
    r"[〔\[(](?:19|20)\d{2}[〕\])](?![年版修])[\u4e00-\u9fff\d]{2,12}?第? ?\d{1,6} ?号"
    r"|[〔\[(](?:19|20)\d{2}[〕\])][\u4e00-\u9fff]{0,4}[字证鉴审检法伦]第? ?\d{3,6}(?![\d\u4e00-\u9fff])"
    r"|(?<!\d)20\d{2}-[\u4e00-\u9fff]{1,4}-\d{2,5}(?!\d)"
)
"""(2023)冀0408民初2981号, 2024-伦审-077."""
_WEAK_LABEL = re.compile(r"(?:^|[^\u4e00-\u9fff])(?:ID|编号|卡号|条码|腕带|处方号|账户|账号|健康码|支付宝|护照|会诊号)")


_STANDARD = r"(?!(?:GB|WS|YY|ISO|IEC|NCT|HLA|DIN|EN|SARS|COVID|JNET|ICD|KEYNOTE|CHECKMATE)(?:/T)?[ \d\-])"
_ACCESSION = anywhere(
    rf"(?<![A-Za-z\d.\-/@:_]){_STANDARD}(?:[A-Z]{{1,6}}-?\d{{2,8}}(?:-[A-Z]{{0,3}}\d{{2,8}}){{1,3}}"
    r"|[A-Z]{2,6}-\d{3,8}-\d{1,4}|[A-Z]{2,6}(?:-[A-Z]{2,4})?-\d{5,10}|[A-Z]{1,3}-\d-\d{4,8}"
    r"|(?:19|20)\d{6}-[A-Z]?\d{3,6}|\d{5,8}-[A-Z]{2,3})(?![A-Za-z\d\-/%]|\.\d)"
)
_GOES_ON = re.compile(r" ?[/、,，;；和及与] ?[A-Za-z\d]")
_FEWEST_DIGITS = 5
_LETTERED = anywhere(
    r"(?<![A-Za-z\d.\-/@:字_])(?<![批型货文准版期]号)(?<![批型货文准版期]号:)(?!QQ|WX|VX|NCT|CTR|LMP|EDC|DOB|ISO)[A-Z]{1,4}\d{7,10}(?![A-Za-z\d%]|[-.]\d)"
)
_TAIWAN = anywhere(r"(?<![A-Za-z\d.\-])[A-Z][12]\d{8}(?![A-Za-z\d\-])")
_SHAPES = (
    (_NATIONAL, 0.9, "national identity number"),
    (_SPACED, 0.9, "national identity number"),
    (_OLD, 0.9, "national identity number"),
    (_MASKED, 0.8, "masked number"),
    (_ARMY, 0.85, "army identity number"),
    (_PASSPORT, 0.9, "passport"),
    (_LEADING_ZERO, 0.6, "number with leading zero"),
    (_CASE_NUMBER, 0.8, "number of a file"),
    (_CASE_BY_YEAR, 0.85, "number of a file"),
    (_ACCESSION, 0.7, "number with hyphens"),
    (_LETTERED, 0.7, "letters and digits"),
    (_TAIWAN, 0.85, "national identity number"),
)


def recognise_ids(text: str) -> Iterator[Candidate]:
    """Identifying numbers, by label, by checksum, by shape with context."""
    yield from _labelled_numbers(text)
    for rule, score, name in _SHAPES:
        for match in rule.finditer(text):
            start, end = match.span(match.lastindex or 0)
            if rule is _ACCESSION and sum(map(str.isdigit, match.group())) < _FEWEST_DIGITS:
                continue
            yield Candidate(start, end, "ID", score, name)
    for match in _EIGHTEEN.finditer(text):
        if checksum_holds(match.group()):
            yield Candidate(match.start(), match.end(), "ID", 0.9, "national identity number")
    for match in _UNION_PAY.finditer(text):
        yield Candidate(match.start(), match.end(), "ACCOUNT", 0.9, "bank card")
    for match in _TAIL.finditer(text):
        yield Candidate(match.start(2), match.end(2), _TAIL_TYPES.get(match[1], "ACCOUNT"), 0.85, "end of a number")
    for match in _CARD.finditer(text):
        if luhn_holds(match.group()) or _NEAR_BANK.search(text[max(0, match.start() - 12) : match.start()]):
            yield Candidate(match.start(), match.end(), "ACCOUNT", 0.9, "bank card")


def _labelled_numbers(text: str) -> Iterator[Candidate]:
    for rule, kind in ((_ID, "ID"), (_ACCOUNT, "ACCOUNT")):
        for match in rule.finditer(text):
            value = _clean(match[1])
            if _is_number(text, match, value):
                yield Candidate(match.start(1), match.start(1) + len(value), kind, 0.9, "number after a label")
                yield from _more(text, match.start(1) + len(value), value, kind)
    for match in _OTHER_LABEL.finditer(text):
        if match[1].startswith("QQ"):
            continue
        if sum(map(str.isdigit, match[1])) >= 4 or (len(match[1]) >= 5 and match[1][0].isupper()):
            yield Candidate(match.start(1), match.end(1), "ID", 0.7, "number after an unlisted label")


def _more(text: str, end: int, value: str, kind: str) -> Iterator[Candidate]:
    """Numbers of the same form that follow a labelled one: `献血码0311 2303 1600482 / 0311 2303 1600517`."""
    if len(value) < _FEWEST_DIGITS or not _GOES_ON.match(text, end):
        return
    form = re.compile(r" ?[/、,，;；和及与] ?(" + re.sub(r"\d+", r"\\d+", re.escape(value)) + r")(?![\dA-Za-z])")
    while following := form.match(text, end):
        yield Candidate(following.start(1), following.end(1), kind, 0.85, "one more number after a label")
        end = following.end()


def checksum_holds(number: str) -> bool:
    """The check character of an 18-digit Chinese identity number (GB 11643-1999).

    >>> checksum_holds("11010519491231002X")
    True
    """
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], weights, strict=True))
    return "10X98765432"[total % 11] == number[17].upper()


def luhn_holds(number: str) -> bool:
    """The check digit of a bank card (ISO/IEC 7812).

    >>> luhn_holds("4539 1488 0343 6467")
    True
    """
    digits = [int(char) for char in reversed(number) if char.isdigit()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _clean(value: str) -> str:
    """Without a date or a measure that follows the number after a blank."""
    head, _, tail = value.partition(" ")
    return head if tail and len(head) >= 5 and not re.fullmatch(r"[\d* xX]+", tail) else value


def _is_number(text: str, match: re.Match[str], value: str) -> bool:
    """Whether a labelled value is an identifier: long enough for its label, no date, no count."""
    digits = sum(map(str.isdigit, value))
    if re.match(r"\d{1,4}[年月个次例人张片支]", text[match.start(1) : match.end(1) + 1]):
        return False
    if _WEAK_LABEL.match(text[max(0, match.start() - 1) : match.end()]):
        return digits + value.count("*") >= 4
    return digits >= 2
