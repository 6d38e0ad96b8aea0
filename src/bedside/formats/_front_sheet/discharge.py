"""One discharge of 病案首页 as entries: the stay, its diagnoses and procedures, and every other column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bedside.formats._charts.draft import Draft, Reading, clean
from bedside.formats._front_sheet.fields import COSTS, IDENTITY, STAFF_REPEATED, VALUES, label
from bedside.formats._front_sheet.headers import canonical, coded
from bedside.formats._tables import Row, cell_text
from bedside.formats._tables.cells import ICD10, identity_of, number_of, sex_of, time_of
from bedside.lang import tr
from bedside.types import Code, Entry, Origin, RawChart

FIELD = "urn:bedside:front-sheet"
ICD_10 = "http://hl7.org/fhir/sid/icd-10"
ICD_9_CM_3 = "http://hl7.org/fhir/sid/icd-9-cm"
ICD_O_3 = "urn:oid:2.16.840.1.113883.6.43.1"
PROCEDURE_CODE = re.compile(r"\d{2}(\.\d{1,4})?(x\d{1,4})?", re.IGNORECASE)
MORPHOLOGY_CODE = re.compile(r"M?\d{4,5}/\d{1,2}")
HARMLESS = re.compile(r"\d{1,4}(\.\d+)?")
"""A value that names nobody, whatever its column means."""
EMPTY = ("", "-", "--", "—", "/", "\\", "无")
DIAGNOSES = (("MZZD", "MZZDDM"), ("RYZD", "RYZDDM"), ("ZYZD", "JBDM"), ("WBYY", "H23"), ("BLZD", "BLZDDM"))
AT_ADMISSION = ("MZZD", "RYZD")


class Discharge:
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
