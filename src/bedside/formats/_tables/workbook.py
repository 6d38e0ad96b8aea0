"""Rows of an Excel workbook (xlsx, xlsm, xlsb, xls, ods): dates as ISO, IDs as typed, merged cells filled down."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from bedside.errors import FormatError, MissingExtra
from bedside.formats._base import Problem
from bedside.formats._tables.delimited import clean_header, fit_row
from bedside.lang import tr

MAX_UNPACKED_BYTES = 2 * 2**30
MAX_RATIO = 500
MAX_EXACT = 10**15
"""Excel keeps 15 digits: a longer whole number in a number cell has already lost its end."""

TITLE_ROWS = 5
UNSAVED_FORMULA = re.compile(rb"</f>\s*(?:<v\s*/>|<v></v>)?\s*</c>")
Tell = Callable[[Problem], None]


def workbook_rows(path: Path, sheet: str | None, tell: Tell) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield `(place, row)` of one sheet, of all with "*", or of the first with rows; what is not read is reported."""
    try:
        import python_calamine as calamine
    except ImportError:
        raise MissingExtra("python-calamine", "tables") from None
    _check_archive(path, tell)
    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
    except calamine.PasswordError:
        raise FormatError(tr("the workbook is locked by a password", "工作簿有密码保护"), where=path.name) from None
    except (calamine.CalamineError, OSError, ValueError):
        raise FormatError(
            tr("not an Excel workbook, or damaged", "不是 Excel 工作簿，或已损坏"), where=path.name
        ) from None
    yield from _sheets(book, path, sheet, tell)


def _sheets(book: Any, path: Path, sheet: str | None, tell: Tell) -> Iterator[tuple[str, dict[str, Any]]]:
    names = list(book.sheet_names)
    if sheet not in (None, "*") and sheet not in names:
        raise FormatError(tr("no such sheet", "没有这个工作表"), where=path.name, value=sheet, allowed=names)
    read = False
    for name in names if sheet in (None, "*") else [sheet]:
        part = book.get_sheet_by_name(name)
        if not part.height:
            continue
        if read and sheet is None:
            what = tr("sheet not read; name it, or * for all", "未读取该工作表；请指定其名称，或用 * 读取全部")
            tell(Problem(str(name), what))
            continue
        for row in _rows(part, str(name), tell):
            read = True
            yield row
    if not read:
        raise FormatError(tr("the workbook has no rows", "工作簿没有数据行"), where=path.name)


def _rows(part: Any, sheet: str, tell: Tell) -> Iterator[tuple[str, dict[str, Any]]]:
    fill = _merged_down(part, sheet, tell)
    names: list[str] = []
    first_column = 0
    for number, cells in enumerate(part.iter_rows(), 1):
        where = f"{sheet}!{tr(f'row {number}', f'第 {number} 行')}"
        if not any(cell != "" for cell in cells):
            continue
        if not names:
            if number <= TITLE_ROWS and _is_title(cells, part.width):
                tell(
                    Problem(where, tr("a title above the header; not read as a row", "表头上方的标题；未作为数据读取"))
                )
                continue
            first_column = next(index for index, cell in enumerate(cells) if cell != "")
            names = clean_header([str(plain_cell(cell, where, tell)) for cell in cells[first_column:]], where, tell)
            continue
        for column, value in fill(number - 1, cells):
            cells[column] = value
        values = [plain_cell(cell, where, tell) for cell in cells[first_column:]]
        yield where, fit_row(names, values, where, tell)


def _is_title(cells: list[Any], width: int) -> bool:
    return width > 1 and sum(1 for cell in cells if cell != "") == 1


def _merged_down(part: Any, sheet: str, tell: Tell) -> Callable[[int, list[Any]], list[tuple[int, Any]]]:
    """A function that says, a row, which cells take the value of the merged cell they lie under."""
    ranges = [area for area in part.merged_cell_ranges or [] if area[1][0] > area[0][0]]
    if ranges:
        what = tr(f"{len(ranges)} merged cells, filled down", f"{len(ranges)} 处合并单元格，已向下填充")
        tell(Problem(sheet, what))
    held: dict[tuple[int, int], Any] = {}

    def fill(row: int, cells: list[Any]) -> list[tuple[int, Any]]:
        values = []
        for (top, left), (bottom, _) in ranges:
            if row == top and left < len(cells):
                held[top, left] = cells[left]
            elif top < row <= bottom and left < len(cells) and (top, left) in held:
                values.append((left, held[top, left]))
        return values

    return fill


def plain_cell(value: Any, where: str, tell: Tell) -> Any:
    """A cell as JSON can hold it: whole numbers without ".0", dates as ISO 8601, nothing as None."""
    if value == "":
        return None
    if isinstance(value, float) and value.is_integer():
        if abs(value) >= MAX_EXACT:
            what = tr("a number of more than 15 digits: Excel has cut its end", "超过 15 位的数字：Excel 已丢失其末位")
            tell(Problem(where, what))
        return int(value)
    if isinstance(value, datetime):
        return value.isoformat() if value.time() != time() else value.date().isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta) else value


def _check_archive(path: Path, tell: Tell) -> None:
    """Refuse a workbook that unpacks to an absurd size; report formulas that were saved without their results."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        unpacked = sum(part.file_size for part in parts)
        if unpacked > MAX_UNPACKED_BYTES or unpacked > MAX_RATIO * max(path.stat().st_size, 2**20):
            raise FormatError(tr("unpacks to an absurd size", "解压后体积异常"), where=path.name)
        for part in parts:
            if re.fullmatch(r"xl/worksheets/[^/]+\.xml", part.filename):
                _count_unsaved(archive, part, tell)


def _count_unsaved(archive: zipfile.ZipFile, part: zipfile.ZipInfo, tell: Tell) -> None:
    count, tail = 0, b""
    with archive.open(part) as stream:
        while block := stream.read(2**20):
            count += len(UNSAVED_FORMULA.findall(tail + block))
            tail = block[-64:] if not UNSAVED_FORMULA.search(block[-64:]) else b""
    if count:
        what = tr(
            f"{count} formulas saved without a result, read as empty; open and save the file in Excel",
            f"{count} 个公式没有保存结果，按空值读取；请在 Excel 中打开并保存",
        )
        tell(Problem(Path(part.filename).stem, what))
