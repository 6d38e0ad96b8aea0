"""What two records are to each other: one paper twice, two versions of it, perhaps one study, or nothing.

Only a certain duplicate is merged. Each rule that says so needs a second witness beside the number or title that two
papers may share by mistake; numbers that differ (PMID, DOI, the part of a series) overrule likeness.
"""

from __future__ import annotations

from bedside.cleaning.duplicates import jaccard
from bedside.lang import tr
from bedside.literature.same.traits import Traits

DUPLICATE, VERSION, STUDY = "duplicate", "version", "same study?"
LIKE, NEAR, FAR = 0.85, 0.6, 0.3
"""Jaccard of five-letter runs: of titles that differ by a slip; by an edit; that have nothing to do with each other."""
SHORT_TITLE = 4
"""Words: a shorter title ("Gout", "Editorial") is shared by many papers."""
FIGURES_SHARED, FIGURES_MOST = 5, 0.6
PREPRINT_YEARS = 3


def compare(one: Traits, other: Traits) -> tuple[str, str] | None:
    """The kind of match and its reason, None where the two are not known to belong together."""
    alike = _titles(one, other)
    if certain := _certain(one, other, alike):
        return DUPLICATE, certain
    if version := _version(one, other, alike):
        return VERSION, version
    study = _study(one, other, alike)
    return (STUDY, study) if study else None


def _certain(one: Traits, other: Traits, alike: float) -> str:
    if one.about_another != other.about_another or one.numbers != other.numbers or one.preprint != other.preprint:
        return ""
    if one.chinese != other.chinese or _differ(one.pmid, other.pmid) or _differ(one.doi, other.doi):
        return ""
    if one.pmid and one.pmid == other.pmid and alike >= FAR:
        return tr("the same PMID", "PMID 相同")
    if one.doi and one.doi == other.doi and alike >= FAR:
        return tr("the same DOI", "DOI 相同")
    if not _same_time(one, other):
        return ""
    first = bool(one.surnames and other.surnames and one.surnames[0] == other.surnames[0])
    page = bool(one.page) and one.page == other.page
    if _differ(one.page, other.page) and alike < 1:
        return ""
    if (
        alike == 1
        and _telling(one)
        and not _differ(one.page, other.page)
        and (first or (page and _no_authors(one, other)))
    ):
        return tr("the same title, first author and year", "标题、第一作者和年份相同") if first else _title_page()
    if alike >= LIKE and first and (page or _texts(one, other) >= LIKE):
        return tr(
            "nearly the same title, the same first author, year and page or abstract",
            "标题几乎相同，第一作者、年份及页码或摘要相同",
        )
    if _texts(one, other) >= LIKE and alike >= NEAR and (first or _no_authors(one, other)):
        return tr("nearly the same abstract and title", "摘要和标题几乎相同")
    return ""


def _version(one: Traits, other: Traits, alike: float) -> str:
    if one.about_another or other.about_another or one.numbers != other.numbers:
        return ""
    if one.preprint == other.preprint or one.chinese != other.chinese:
        return ""
    if abs((one.year or 0) - (other.year or 0)) > PREPRINT_YEARS and one.year and other.year:
        return ""
    shared = _authors_shared(one, other)
    if shared >= 0.5 and (alike >= NEAR or _texts(one, other) >= NEAR):
        return tr(
            "a preprint and the article: most authors shared, title or abstract alike",
            "预印本与正式论文：多数作者相同，标题或摘要相近",
        )
    return ""


def _study(one: Traits, other: Traits, alike: float) -> str:
    if one.about_another or other.about_another:
        return ""
    if shared := one.trials & other.trials:
        return tr(f"the same trial number ({min(shared)})", f"试验注册号相同（{min(shared)}）")
    if one.pmid and one.pmid == other.pmid:
        return tr("the same PMID, but titles that differ", "PMID 相同，但标题不同")
    if one.doi and one.doi == other.doi:
        return tr("the same DOI, but titles that differ", "DOI 相同，但标题不同")
    both = one.figures & other.figures
    few = min(len(one.figures), len(other.figures))
    near = not (one.year and other.year) or abs(one.year - other.year) <= 2
    if one.chinese != other.chinese and near and len(both) >= FIGURES_SHARED and len(both) >= FIGURES_MOST * few:
        return tr(f"{len(both)} figures shared, in two languages", f"两种语言的摘要有 {len(both)} 个相同数字")
    if (
        one.numbers == other.numbers
        and _telling(one)
        and alike == 1
        and (_authors_shared(one, other) > 0 or not one.surnames or not other.surnames)
    ):
        return tr("the same title; other numbers, pages or years", "标题相同；编号、页码或年份不同")
    if one.numbers == other.numbers and _texts(one, other) >= LIKE:
        return tr("nearly the same abstract", "摘要几乎相同")
    return ""


def _title_page() -> str:
    return tr("the same title, year and page", "标题、年份和页码相同")


def _titles(one: Traits, other: Traits) -> float:
    if one.title == other.title:
        return 1.0
    return min(jaccard(one.title, other.title), 0.999) if one.title and other.title else FAR


def _texts(one: Traits, other: Traits) -> float:
    """Likeness of the abstracts, 0 where either is missing or too short to tell."""
    if min(len(one.abstract), len(other.abstract)) < (60 if one.chinese else 200):
        return 0.0
    return jaccard(one.abstract, other.abstract)


def _telling(one: Traits) -> bool:
    return len(one.words) >= SHORT_TITLE or (one.chinese and len(one.title) >= 2 * SHORT_TITLE)


def _same_time(one: Traits, other: Traits) -> bool:
    """In one year or the next (online, then in print), or not told."""
    return not (one.year and other.year) or abs(one.year - other.year) <= 1


def _no_authors(one: Traits, other: Traits) -> bool:
    return not one.surnames or not other.surnames


def _authors_shared(one: Traits, other: Traits) -> float:
    few = min(len(one.surnames), len(other.surnames))
    return len(set(one.surnames) & set(other.surnames)) / few if few else 0.0


def _differ(one: str, other: str) -> bool:
    return bool(one and other and one != other)
