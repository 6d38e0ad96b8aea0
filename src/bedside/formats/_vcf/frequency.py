"""How common an allele is in people at large, from whatever population fields a file was annotated with.

Read are INFO fields and fields of CSQ whose name tells of a population (gnomAD, ExAC, 1000 Genomes, ESP, TOPMed ...)
or is VEP's own (`AF`, `EUR_AF`, `MAX_AF` within CSQ). Plain `AF` of INFO is the share within the file's own samples
by the VCF specification, so it counts only where `AN` says that it was taken over a population.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bedside.formats._vcf import Called, Header

POPULATION = 2000
"""Alleles (AN) from which a plain AF is of a population and not of a family or a batch."""
_SOURCE = re.compile(r"gnomad|exac|1kg|1000g|kgp|tgp|topmed|esp|uk10k|aaf_", re.IGNORECASE)
_SHARE = re.compile(r"(^|_)(a?af|maf|freq)(_|$)", re.IGNORECASE)
_CSQ = re.compile(r"(^|_)(MAX_)?AF$")
_NOT = re.compile(r"pops?$|filter|_n$|count", re.IGNORECASE)


def population_fields(header: Header) -> tuple[str, ...]:
    """The INFO fields of a file that hold a frequency in a population.

    >>> population_fields(Header((), {"AF_EXAC": "", "gnomAD_AF": "", "AF": "", "ESPRESSO": ""}))
    ('AF_EXAC', 'gnomAD_AF')
    """
    return tuple(name for name in header.info if _SOURCE.search(name) and _SHARE.search(name) and not _NOT.search(name))


def frequency(called: Called, number: int, fields: Iterable[str], lines: Iterable[dict[str, str]]) -> float | None:
    """The highest frequency that any population field gives an allele; None where none says anything."""
    said = [_of_allele(called.info[name], number) for name in fields if name in called.info]
    if called.info.get("AN", "").isdigit() and int(called.info["AN"]) >= POPULATION:
        said.append(_of_allele(called.info.get("AF", ""), number))
    for line in lines:
        said += [_share(part) for name, value in line.items() if _CSQ.search(name) for part in value.split("&")]
    known = [one for one in said if one is not None]
    return max(known) if known else None


def _of_allele(text: str, number: int) -> float | None:
    """The value of one allele: one for each, or one for the line."""
    values = text.split(",")
    return _share(values[number - 1] if len(values) >= number else values[0])


def _share(text: str) -> float | None:
    """A share of 0 to 1; VEP before release 90 wrote `T:0.01`. None for a dot, a word, or aaf's -1."""
    try:
        value = float(text.rpartition(":")[2])
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None
