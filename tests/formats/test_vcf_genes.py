"""A patient's VCF: rare, damaging, carried variants name genes; everything else is left out and counted."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.errors import FormatError, UsageError
from bedside.formats._vcf import read_vcf
from bedside.formats._vcf.frequency import frequency, population_fields
from bedside.formats._vcf.genes import GeneVariants, VcfGenes, genes_of
from bedside.lang import speaking

ANN = '##INFO=<ID=ANN,Number=.,Type=String,Description="Functional annotations">'
CSQ = (
    "##INFO=<ID=CSQ,Number=.,Type=String,Description="
    '"Consequence annotations from Ensembl VEP. Format: Allele|Consequence|IMPACT|SYMBOL|gnomADe_AF">'
)
GENEINFO = '##INFO=<ID=GENEINFO,Number=1,Type=String,Description="Gene(s)">'
GNOMAD = '##INFO=<ID=gnomAD_AF,Number=A,Type=Float,Description="frequency">'
STOP = "ANN=T|stop_gained|HIGH|ABC1|E|transcript|NM_1:x|coding|1/2|NM_1:c.7C>T|NP_1:p.Arg3Ter"
MISSENSE = "ANN=T|missense_variant|MODERATE|ABC1|E|transcript|NM_1|coding|1/2|NM_1:c.9C>T|NP_1:p.Ala3Val"


def vcf(folder: Path, *lines: str, head: tuple[str, ...] = (ANN, GNOMAD), samples: tuple[str, ...] = ("S1",)) -> Path:
    path = folder / "patient.vcf"
    names = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", *(["FORMAT", *samples] if samples else [])]
    path.write_text("\n".join(["##fileformat=VCFv4.2", *head, "\t".join(names), *lines]) + "\n", encoding="utf-8")
    return path


def line(info: str, *genotypes: str, alt: str = "T", ref: str = "C", filter: str = "PASS", position: int = 5) -> str:
    called = ["GT", *genotypes] if genotypes else []
    return "\t".join(["1", str(position), ".", ref, alt, "50", filter, info, *called])


def gene(found: VcfGenes, name: str = "ABC1") -> GeneVariants:
    return next(one for one in found.genes if one.gene == name)


def test_a_stop_on_one_copy_is_severe_alone_and_on_both_copies_for_a_recessive_disease(tmp_path: Path) -> None:
    one = gene(genes_of(vcf(tmp_path, line(STOP, "0/1"))))
    both = gene(genes_of(vcf(tmp_path, line(STOP, "1/1"))))
    assert (one.one, one.both) == (1.0, 0.0)
    assert (both.one, both.both) == (1.0, 1.0)
    assert "c.7C>T p.Arg3Ter" in one.told


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [("0/1", "0/1", 0.6), ("0|1", "1|0", 0.6), ("0|1", "0|1", 0.0)],
    ids=["phase unknown", "on different copies", "on the same copy"],
)
def test_two_variants_hit_both_copies_unless_phase_says_they_share_one(
    tmp_path: Path, first: str, second: str, both: float
) -> None:
    path = vcf(tmp_path, line(STOP, first), line(MISSENSE, second, position=9))
    assert gene(genes_of(path)).both == both


def test_what_a_patient_does_not_have_or_most_people_have_is_left_out_and_counted(tmp_path: Path) -> None:
    path = vcf(
        tmp_path,
        line(STOP, "0/1"),
        line(STOP, "0/0"),
        line(STOP, "0/1", filter="LowQual"),
        line(f"{STOP};gnomAD_AF=0.3", "0/1"),
        line("ANN=T|synonymous_variant|LOW|ABC1", "0/1"),
        line("DP=4", "0/1"),
        "broken line",
    )
    found = genes_of(path)
    assert found.counts == {
        "read": 7, "kept": 1, "unreadable": 1, "filtered": 1, "not carried": 1, "no gene": 1, "mild": 1, "common": 1,
    }  # fmt: skip
    assert found.frequencies


def test_a_variant_of_one_in_two_hundred_may_be_half_of_a_recessive_disease_but_no_dominant_one(tmp_path: Path) -> None:
    half = gene(genes_of(vcf(tmp_path, line(f"{STOP};gnomAD_AF=0.005", "0/1"))))
    rare = gene(genes_of(vcf(tmp_path, line(f"{STOP};gnomAD_AF=0.0002", "0/1"))))
    assert (half.carried, half.one) == (1.0, 0.0)
    assert rare.one == 1.0


def test_af_within_the_family_is_no_frequency_in_the_population(tmp_path: Path) -> None:
    alone = genes_of(vcf(tmp_path, line(f"{STOP};AF=0.5;AN=2", "0/1")))
    cohort = genes_of(vcf(tmp_path, line(f"{STOP};AF=0.5;AN=20000", "0/1")))
    assert (alone.counts["kept"], alone.frequencies) == (1, False)
    assert (cohort.counts["common"], cohort.frequencies) == (1, True)


def test_vep_and_clinvar_name_genes_as_snpeff_does(tmp_path: Path) -> None:
    vep = vcf(tmp_path, line("CSQ=T|frameshift_variant&splice_region_variant|HIGH|XYZ2|0.00001", "0/1"), head=(CSQ,))
    assert gene(genes_of(vep), "XYZ2").one == 1.0
    clinvar = vcf(
        tmp_path,
        line("GENEINFO=XYZ2:1|ABC1:2;CLNSIG=Likely_pathogenic;MC=SO:1|intron_variant"),
        line("GENEINFO=DDD1:1;CLNSIG=Benign;MC=SO:1|missense_variant"),
        head=(GENEINFO,),
        samples=(),
    )
    assert [one.gene for one in genes_of(clinvar).genes] == ["ABC1", "XYZ2"]


def test_each_of_two_alternative_alleles_brings_its_own_effect(tmp_path: Path) -> None:
    info = "ANN=T|stop_gained|HIGH|ABC1,G|missense_variant|MODERATE|ABC1"
    assert gene(genes_of(vcf(tmp_path, line(info, "0/2", alt="T,G")))).one == 0.6
    assert gene(genes_of(vcf(tmp_path, line(info, "0/1", alt="T,G")))).one == 1.0
    assert gene(genes_of(vcf(tmp_path, line(info, "1/2", alt="T,G")))).both == 0.6


def test_the_sample_that_is_named_is_read_and_the_first_one_otherwise(tmp_path: Path) -> None:
    path = vcf(tmp_path, line(STOP, "0/0", "1/1"), samples=("MUM", "CHILD"))
    assert genes_of(path).genes == []
    assert gene(genes_of(path, "CHILD")).both == 1.0
    with pytest.raises(UsageError, match="one of its 2 samples") as told:
        genes_of(path, "DAD")
    assert "MUM" not in str(told.value)


def test_gzip_reads_as_plain_and_damage_is_told(tmp_path: Path) -> None:
    plain = vcf(tmp_path, line(STOP, "0/1"))
    packed = tmp_path / "patient.vcf.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert genes_of(packed) == genes_of(plain)
    packed.write_bytes(packed.read_bytes()[:-9])
    with pytest.raises(FormatError):
        genes_of(packed)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"BCF\x02\x02junk", "bcftools view"),
        (b"hello\n", "#CHROM"),
        (b"##fileformat=VCFv4.2\n", "#CHROM"),
    ],
)
def test_what_is_no_vcf_is_refused_with_the_way_out(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "x.vcf"
    path.write_bytes(content)
    with pytest.raises(FormatError, match=told):
        genes_of(path)


@pytest.mark.parametrize(("lang", "told"), [("en", "annotated with its gene"), ("zh", "未注释基因")])
def test_a_file_without_genes_says_how_to_annotate_it(tmp_path: Path, lang: Any, told: str) -> None:
    with speaking(lang), pytest.raises(FormatError, match=told) as fault:
        genes_of(vcf(tmp_path, line("DP=3", "0/1"), head=()))
    assert "snpEff" in str(fault.value)


@settings(max_examples=60)
@given(
    cells=st.lists(
        st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=12), max_size=12
    )
)
def test_no_line_stops_the_reader(tmp_path_factory: pytest.TempPathFactory, cells: list[str]) -> None:
    path = vcf(tmp_path_factory.mktemp("v"), "\t".join(cells), line(STOP, "0/1"))
    found = genes_of(path)
    assert gene(found).one == 1.0
    counts = dict(found.counts)
    assert counts.pop("read") == sum(counts.values())


@given(share=st.floats(0, 1), other=st.floats(0, 1))
def test_the_highest_population_frequency_counts(share: float, other: float) -> None:
    from bedside.formats._vcf import Called, Header

    called = Called("1", 1, "C", ("T",), True, {"gnomAD_AF": str(share), "AF_EXAC": str(other), "AF": "1"}, (), "")
    fields = population_fields(Header((), {"gnomAD_AF": "", "AF_EXAC": "", "AF": ""}))
    assert frequency(called, 1, fields, []) == max(share, other)


def test_haploid_and_half_called_genotypes(tmp_path: Path) -> None:
    path = vcf(tmp_path, line(STOP, "1"), line(STOP, "./1"), line(STOP, "./."), line(STOP, "0|."))
    with read_vcf(path) as (_, lines):
        assert [one and one.alleles for one in lines] == [(1,), (None, 1), (None, None), (0, None)]
    assert gene(genes_of(path)).both == 1.0
