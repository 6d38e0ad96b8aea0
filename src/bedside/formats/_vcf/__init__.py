"""A VCF file (4.x, plain, gzip or bgzip), a line at a time: who is in it, its fields, what one person carries.

Shapes and rules are those of "The Variant Call Format Specification", VCFv4.5 (samtools/hts-specs). A line that does
not fit them is told as `None`, so that the reader can count it; a file that is no VCF is a `FormatError`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import IO

from bedside.errors import FormatError, UsageError
from bedside.formats._files.bytes import opened
from bedside.lang import tr

FIXED = ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO")
BCF = b"BCF"
SHAPE = "VCF 4.x: ##fileformat=VCFv4..., #CHROM POS ID REF ALT QUAL FILTER INFO [FORMAT SAMPLE...]"


@dataclass(frozen=True, slots=True)
class Header:
    """The names of a file's samples, and the description of each INFO field."""

    samples: tuple[str, ...]
    info: dict[str, str]


@dataclass(frozen=True, slots=True)
class Called:
    """One line as one person has it. `alleles` number into (ref, *alts): None where not called, empty unsampled."""

    chromosome: str
    position: int
    ref: str
    alts: tuple[str, ...]
    passed: bool
    info: dict[str, str]
    alleles: tuple[int | None, ...]
    phase: str
    """What phased genotypes have in common, so that their sides can be compared; empty when not phased."""


@contextmanager
def read_vcf(path: Path, sample: str | None = None) -> Iterator[tuple[Header, Iterator[Called | None]]]:
    """Open a file: its header, and each line as `sample` (the first unless named) has it.

    Raises FormatError when it is no VCF, UsageError when the sample is not in it.
    """
    try:
        with opened(path) as data:
            _check_kind(path, data)
            lines = TextIOWrapper(data, encoding="utf-8", errors="replace")
            header = _header(path, lines)
            place = _place(path, header, sample)
            yield header, (_called(line, place) for line in lines if line.strip())
    except OSError as fault:
        what = tr("the file cannot be read", "无法读取该文件")
        raise FormatError(what, where=path.name, value=fault.strerror) from None


def _check_kind(path: Path, data: IO[bytes]) -> None:
    """Refuse an empty file, and the binary form of VCF."""
    first = data.peek(16)[:16] if hasattr(data, "peek") else b""
    if first.startswith(BCF):
        what = tr("BCF is the binary form of VCF and is not read", "BCF 是 VCF 的二进制格式，不支持")
        raise FormatError(what, where=path.name, allowed=SHAPE, next=f"bcftools view -Oz -o OUT.vcf.gz {path.name}")
    if not first:
        raise FormatError(tr("the file is empty", "文件为空"), where=path.name, allowed=SHAPE)


def _header(path: Path, lines: TextIOWrapper) -> Header:
    info: dict[str, str] = {}
    for line in lines:
        if line.startswith("##"):
            if found := re.match(r'##INFO=<ID=([^,>]+).*?Description="(.*)"', line):
                info[found[1]] = found[2]
            continue
        columns = line.rstrip("\r\n").split("\t")
        if tuple(columns[: len(FIXED)]) == FIXED:
            return Header(tuple(columns[9:]), info)
        break
    what = tr("not a VCF: no line #CHROM before the variants", "不是 VCF：缺少 #CHROM 表头行")
    raise FormatError(what, where=path.name, allowed=SHAPE)


def _place(path: Path, header: Header, sample: str | None) -> int | None:
    """The column of the sample among the samples; None in a file of sites. Names may be identity: none is told."""
    if sample is None:
        return 0 if header.samples else None
    if sample not in header.samples:
        what = tr("no sample of that name in the file", "文件中没有该样本")
        count = tr(f"one of its {len(header.samples)} samples", f"文件中 {len(header.samples)} 个样本之一")
        raise UsageError(what, where=path.name, value=sample, allowed=count, next=f"bcftools query -l {path.name}")
    return header.samples.index(sample)


def _called(line: str, place: int | None) -> Called | None:
    """One line; None when it is not one of a VCF."""
    cells = line.rstrip("\r\n").split("\t")
    if len(cells) < len(FIXED) or not cells[1].isdigit() or not cells[4]:
        return None
    alts = () if cells[4] == "." else tuple(cells[4].split(","))
    alleles: tuple[int | None, ...] = ()
    phase = ""
    if place is not None:
        if len(cells) <= 9 + place:
            return None
        alleles, phase = _genotype(cells[8].split(":"), cells[9 + place].split(":"), cells[0])
        if any(one is not None and one > len(alts) for one in alleles):
            return None
    return Called(
        cells[0], int(cells[1]), cells[3], alts, cells[6] in ("PASS", ".", ""), _info(cells[7]), alleles, phase
    )


def _genotype(keys: list[str], values: list[str], chromosome: str) -> tuple[tuple[int | None, ...], str]:
    """The alleles of GT, and their phase set: PS, else the whole chromosome where GT is written with `|`."""
    said = dict(zip(keys, values, strict=False))
    text = said.get("GT", ".")
    alleles = tuple(int(one) if one.isdigit() else None for one in re.split(r"[/|]", text.strip("/|")))
    phased = "|" in text
    block = said.get("PS", ".")
    return alleles, f"{chromosome}:{block}" if phased else ""


def _info(text: str) -> dict[str, str]:
    """INFO as it is written; a flag has an empty value.

    >>> _info("AF=0.1;DB")
    {'AF': '0.1', 'DB': ''}
    """
    return {key: value for key, _, value in (one.partition("=") for one in text.split(";")) if key not in ("", ".")}
