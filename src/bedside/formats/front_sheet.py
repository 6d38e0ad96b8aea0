"""病案首页 (inpatient front sheet) as a table: each discharge is an Encounter with its diagnoses and procedures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bedside.errors import FormatError
from bedside.formats._base import Format, Problem, ReadOptions
from bedside.formats._draft import Draft, Reading, clean
from bedside.formats._encoding import detect
from bedside.formats._front_sheet_fields import COSTS, IDENTITY, STAFF_REPEATED, VALUES, label
from bedside.formats._front_sheet_headers import canonical, coded
from bedside.formats._table_cells import ICD10, identity_of, number_of, sex_of, time_of
from bedside.formats._tables import Row, cell_text, read_rows
from bedside.formats.table import unnamed_patient
from bedside.lang import tr
from bedside.types import Code, Entry, Origin, RawChart

FIELD = "urn:bedside:front-sheet"
ICD_10 = "http://hl7.org/fhir/sid/icd-10"
ICD_9_CM_3 = "http://hl7.org/fhir/sid/icd-9-cm"
ICD_O_3 = "urn:oid:2.16.840.1.113883.6.43.1"
PROCEDURE_CODE = re.compile(r"\d{2}(\.\d{1,4})?(x\d{1,4})?", re.IGNORECASE)
MORPHOLOGY_CODE = re.compile(r"M?\d{4,5}/\d{1,2}")
ENOUGH_FIELDS = 6
ENOUGH_CODES = 3
NO_WELL = re.compile(r"[CN]$|[3-9]\d$", re.IGNORECASE)
"""A code of HQMS that cannot be a well of a laboratory plate (A01 to P24)."""

HARMLESS = re.compile(r"\d{1,4}(\.\d+)?")
"""A value that names nobody, whatever its column means."""
EMPTY = ("", "-", "--", "—", "/", "\\", "无")
DIAGNOSES = (("MZZD", "MZZDDM"), ("RYZD", "RYZDDM"), ("ZYZD", "JBDM"), ("WBYY", "H23"), ("BLZD", "BLZDDM"))
AT_ADMISSION = ("MZZD", "RYZD")


def looks_like(header: list[str]) -> bool:
    """A table is a front sheet when it has a patient, a principal diagnosis, a stay, and enough of the other fields.

    A patient and a few codes of HQMS are enough: read as a plain table, "A11" would not be known for a name.
    """
    found = {name for name in map(canonical, header) if name}
    codes = [name for name in header if coded(name) and canonical(name)]
    by_code = len(codes) >= ENOUGH_CODES and any(NO_WELL.search(name) for name in codes)
    return bool(by_code and found & {"BAH", "XM", "SFZH"}) or (
        bool(found & {"BAH", "ZYH", "XM", "SFZH"})
        and bool(found & {"ZYZD", "JBDM"})
        and bool(found & {"RYSJ", "CYSJ"})
        and len(found) >= ENOUGH_FIELDS
    )


def sniff(head: bytes, name: str) -> bool:
    """A text table with such a header, or a workbook, whose header is seen on reading."""
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1")):
        return name.lower().endswith((".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".parquet"))
    first = head.decode(detect(head).name, "replace").lstrip("\ufeff\r\n ").split("\n", 1)[0]
    return looks_like([part.strip('"{} ').split('":')[0] for part in re.split(r"[,\t;|]", first)])


def read(path: Path, options: ReadOptions) -> Iterator[RawChart | Problem]:
    """One piece a discharge; the patient is 病案号 unless `options.columns["patient"]` names another column.

    A user who says what other columns mean wants a plain table: such a file is left to that reader.
    """
    if options.columns.keys() - {"patient"}:
        raise FormatError(
            tr("columns are mapped by hand: read as a table", "列由用户指定：按普通表格读取"), where=path.name
        )
    reading = Reading(path.name, options)
    pending: list[Problem] = []
    rows = read_rows(path, encoding=options.encoding, sheet=options.sheet, on_problem=pending.append)
    stem, names = unnamed_patient(path), dict[str, str]()
    for number, (place, row) in enumerate(rows, 1):
        if not names:
            if not looks_like(list(row)):
                raise FormatError(
                    tr("not a front sheet: its columns are missing", "不是病案首页：缺少相应的列"), where=path.name
                )
            names = _canonical_names(list(row), options)
            if unknown := [column for column in row if column not in names and coded(column)]:
                what = tr("columns of unknown meaning, kept as identity", "含义未知的列，按身份信息保留")
                reading.doubt(tr("header", "表头"), f"{what}: {', '.join(unknown)}")
        yield from pending
        pending.clear()
        fields = {names.get(column, column): value for column, value in row.items()}
        patient = clean(cell_text(row.get(options.columns.get("patient", ""))))
        yield _Discharge(fields, reading, place, f"{stem}-r{number}").chart(patient)
        yield from reading.drain()
    yield from pending
    if not names:
        raise FormatError(tr("the table has no rows", "表格没有数据行"), where=path.name)


def _canonical_names(header: list[str], options: ReadOptions) -> dict[str, str]:
    """Each column's canonical name; the first of two columns for one field wins, the other stays under its own name."""
    names: dict[str, str] = {}
    for column in header:
        name = canonical(column)
        if name and name not in names.values():
            names[column] = name
    if options.on_note:
        options.on_note(
            tr("front sheet: ", "病案首页：") + " ".join(f"{name}={column}" for column, name in names.items())
        )
    return names


class _Discharge:
    """One row by canonical names; what has been used is remembered, so that the rest can be kept too."""

    def __init__(self, row: Row, reading: Reading, place: str, row_id: str) -> None:
        self._row = {name: text for name, value in row.items() if (text := clean(cell_text(value))) not in EMPTY}
        self._reading, self._place, self._id = reading, place, row_id
        self._used: set[str] = set()

    def chart(self, patient: str) -> RawChart:
        """The discharge as a piece of its patient's chart."""
        patient = patient or self._peek("BAH") or self._peek("ZYH") or self._peek("SFZH")
        if not patient:
            self._reading.doubt(
                self._place, tr("no patient; kept as a patient of its own", "没有患者标识；单独作为一位患者")
            )
        draft = Draft(patient or self._id)
        draft.sex = sex_of(self._take("XB"))
        draft.birth_date = self._time("CSRQ")
        draft.know(identity_of(self._row, self._identity_columns()))
        admitted, discharged = self._moment("RYSJ"), self._moment("CYSJ")
        draft.entries += self._stay(admitted, discharged)
        draft.entries += self._conditions(admitted, discharged)
        draft.entries += self._procedures(admitted)
        draft.entries += [self._other(name, discharged) for name in self._row if name not in self._used]
        return draft.chart()

    def _peek(self, name: str) -> str:
        return self._row.get(name, "")

    def _take(self, name: str) -> str:
        self._used.add(name)
        return self._peek(name)

    def _identity_columns(self) -> dict[str, tuple[str, ...]]:
        columns = {kind: tuple(name for name in names.split() if name in self._row) for kind, names in IDENTITY.items()}
        staff = tuple(name for name in self._row if name.rstrip("0123456789") in STAFF_REPEATED)
        columns["STAFF"] += staff
        columns["ID"] += tuple(
            name
            for name, text in self._row.items()
            if coded(name) and canonical(name) != name and not HARMLESS.fullmatch(text)
        )
        self._used.update(name for names in columns.values() for name in names)
        return columns

    def _time(self, name: str) -> str | None:
        return time_of(self._take(name), self._reading, f"{self._place}, {label(name)}")

    def _moment(self, name: str) -> str | None:
        """A date with the hour that stands in a column of its own (RYSJS, CYSJS)."""
        day, hour = self._time(name), self._take(f"{name}S").removesuffix(".0")
        if day and len(day) == 10 and hour.isdigit() and int(hour) < 24:
            return f"{day}T{int(hour):02}:00:00"
        return day

    def _entry(self, suffix: str, kind: str, **parts: Any) -> Entry:
        return Entry(id=f"{self._id}/{suffix}", kind=kind, origin=Origin(self._reading.file, self._place), **parts)

    def _stay(self, admitted: str | None, discharged: str | None) -> Iterator[Entry]:
        if admitted and discharged and discharged[:10] < admitted[:10]:
            self._reading.doubt(self._place, tr("discharged before admission", "出院早于入院"))
        words = [
            f"{label(name)}: {self._worded(name)}"
            for name in ("RYTJ", "RYKB", "ZKKB", "CYKB", "LYFS")
            if self._peek(name)
        ]
        left = self._peek("LYFS").removesuffix(".0")
        codes = (Code(f"{FIELD}:LYFS", left, VALUES["LYFS"].get(left, "")),) if left else ()
        yield self._entry("encounter", "Encounter", text="；".join(words) or "住院", time=admitted, codes=codes)
        days = number_of(self._take("SJZYTS")) if self._peek("SJZYTS") else None
        code = (Code(FIELD, "CYSJ", label("CYSJ")),)
        yield self._entry(
            "discharge", "Observation", text=label("CYSJ"), time=discharged, codes=code, value=days, unit="d"
        )

    def _worded(self, name: str) -> str:
        """A value with its meaning in place of the number of the printed list."""
        text = self._take(name)
        values = VALUES.get(name.rstrip("0123456789"), {})
        return values.get(text.removesuffix(".0"), text)

    def _conditions(self, admitted: str | None, discharged: str | None) -> Iterator[Entry]:
        numbers = sorted(int(name[4:]) for name in self._row if re.fullmatch(r"(QTZD|JBDM)\d+", name))
        pairs = [*DIAGNOSES, *((f"QTZD{number}", f"JBDM{number}") for number in dict.fromkeys(numbers))]
        for name, code_field in pairs:
            text, code = self._take(name), self._take(code_field)
            if not (text or code):
                continue
            codes = [Code(self._diagnosis_system(code, name), code, text)] if code else []
            codes.append(Code(FIELD, name, label(name)))
            present = "RYBQ" + name.removeprefix("QTZD").removeprefix("ZYZD")
            if present in self._row:
                number = self._peek(present).removesuffix(".0")
                codes.append(Code(f"{FIELD}:RYBQ", number, self._worded(present)))
            time = admitted if name in AT_ADMISSION else discharged
            yield self._entry(name, "Condition", text=text or code, time=time, codes=tuple(codes))

    def _diagnosis_system(self, code: str, name: str) -> str:
        if ICD10.fullmatch(code):
            return ICD_10
        if MORPHOLOGY_CODE.fullmatch(code):
            return ICD_O_3
        self._reading.doubt(
            f"{self._place}, {name}",
            tr("a code that has not the shape of ICD-10; kept", "编码不符合 ICD-10 格式；已保留"),
        )
        return "urn:bedside:code"

    def _procedures(self, admitted: str | None) -> Iterator[Entry]:
        numbers = sorted(int(name[7:]) for name in self._row if re.fullmatch(r"SSJCZ(BM|MC)\d+", name))
        for number in dict.fromkeys(numbers):
            text, code = self._take(f"SSJCZMC{number}"), self._take(f"SSJCZBM{number}")
            time = self._time(f"SSJCZRQ{number}")
            codes = []
            if code:
                known = PROCEDURE_CODE.fullmatch(code)
                if not known:
                    what = tr("a code that has not the shape of ICD-9-CM-3; kept", "编码不符合 ICD-9-CM-3 格式；已保留")
                    self._reading.doubt(f"{self._place}, SSJCZBM{number}", what)
                codes.append(Code(ICD_9_CM_3 if known else "urn:bedside:code", code, text))
            details = [
                f"{label(name)}: {self._take(name)}"
                for name in (f"{stem}{number}" for stem in ("SSJB", "QKYHLB", "QKDJ", "MZFS"))
                if name in self._row
            ]
            words = "；".join([text or code, *details])
            yield self._entry(f"SSJCZMC{number}", "Procedure", text=words, time=time or admitted, codes=tuple(codes))

    def _other(self, name: str, time: str | None) -> Entry:
        """Any other column: an allergy, a charge, a blood group, or a column of the hospital's own."""
        kind = "AllergyIntolerance" if name == "GMYW" else "Observation"
        value = number_of(self._peek(name)) if name not in VALUES and name != "NL" else self._worded(name)
        words = self._worded(name)
        text = f"{label(name)}: {words}岁" if name == "NL" and words.isdigit() else f"{label(name)}: {words}"
        amount = value if isinstance(value, float) else None
        unit = "CNY" if name in ("ZFY", "ZFJE", *COSTS) else None
        return self._entry(
            name, kind, text=text, time=time, codes=(Code(FIELD, name, label(name)),), value=amount, unit=unit
        )


FORMAT = Format(name="front_sheet", suffixes=(), sniff=sniff, read=read)
