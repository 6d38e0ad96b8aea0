"""`bedside similar`: what was found, in the terminal, as JSON and as a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedside.commands._io import plain
from bedside.lang import counted, disclaimer, tr

if TYPE_CHECKING:
    from bedside.commands._similar.find import Found

SHOWN = 8
"""Things of a kind named in the terminal."""


def told(found: Found) -> dict[str, Any]:
    """As JSON holds it."""
    return {
        "chart": found.chart.patient,
        "compared": found.compared,
        "similar": [plain(one) for one in found.similar],
        "indexed": found.indexed,
        "unread": found.unread,
        "encoder": found.encoder,
        "note": note(),
        "disclaimer": disclaimer(),
    }


def note() -> str:
    """What the reader must keep in mind."""
    return tr(
        "Likeness is not cause: what was done for others is a record, not a recommendation.",
        "相似不等于因果：他人的处理仅为记录，不构成建议。",
    )


def show(found: Found, html: Path | None) -> None:
    """In the terminal."""
    from rich.console import Console

    from bedside.evaluate.pages.similar import cards

    console = Console()
    if not found.similar:
        console.print(tr("No chart to compare with may be seen.", "没有可供比较的病历。"))
    else:
        en = f"{counted(found.compared, 'chart')} compared"
        console.print(tr(en, f"已比较 {found.compared} 份病历"), style="dim")
    for number, card in enumerate(cards(found.similar), 1):
        console.print()
        console.print(f"{number}. {card.id}  {card.score}", style="bold", markup=False, highlight=False)
        console.print("   " + card.about, style="dim", markup=False, highlight=False)
        console.print(
            "   " + "  ".join(f"{name} {value}" for name, value, _ in card.parts), markup=False, highlight=False
        )
        for title, names in card.lists:
            more = f" … +{len(names) - SHOWN}" if len(names) > SHOWN else ""
            joined = tr("; ", "；").join(names[:SHOWN])
            console.print(f"   {title}: {joined}{more}", markup=False, highlight=False)
    console.print()
    console.print(note(), style="dim")
    console.print(disclaimer(), style="dim")
    if html is not None:
        console.print(tr(f"page: {html}", f"网页：{html}"), style="dim", markup=False)


def write_page(path: Path, found: Found) -> None:
    """As a page that needs nothing else."""
    from bedside.evaluate.pages.similar import similar_page
    from bedside.files import whole_file

    with whole_file(path) as out:
        out.write(similar_page(found.similar, found.compared, found.chart.patient, note()))
