"""What the verbs that ask a graph can be told: the concept, and which edges count."""

from __future__ import annotations

from typing import Annotated

import typer

from bedside.lang import tr

Relation = Annotated[
    list[str] | None, typer.Option("--relation", "-r", help=tr("This relation only (repeatable)", "仅此关系（可重复）"))
]
Least = Annotated[int, typer.Option("--min-evidence", min=1, help=tr("References at least", "至少证据数"))]
Polarity = Annotated[str, typer.Option(help="affirmed | negated | uncertain")]
Weak = Annotated[bool, typer.Option("--weak", help=tr("With what is only named together", "包括仅共同出现的关系"))]
Contradicted = Annotated[
    bool, typer.Option("--contradicted", help=tr("Only what some say and others deny", "仅证据矛盾的关系"))
]
EvidenceShown = Annotated[
    int, typer.Option("--evidence", min=0, help=tr("References shown of each step", "每步显示的证据数"))
]
ConceptArgument = Annotated[str, typer.Argument(metavar="CONCEPT", help=tr("Id or name", "编号或名称"))]
Top = Annotated[int, typer.Option(min=1, help=tr("How many", "数量"))]
