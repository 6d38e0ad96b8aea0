"""A knowledge graph with evidence: build it, ask it by path, draw it, export it | 带证据的知识图谱：构建、查询、绘图"""

from __future__ import annotations

import typer

from bedside.commands._graph.add import add
from bedside.commands._graph.ask import neighbours, paths, query
from bedside.commands._graph.build import build
from bedside.commands._graph.out import export, picture
from bedside.commands._graph.show import contradictions, find, info, merges, show
from bedside.lang import tr

COMMAND = typer.Typer(
    add_completion=False,
    help=tr(
        "A knowledge graph with evidence: build it from HPO, the library and tables, ask by path, draw and export it",
        "带证据的知识图谱：由 HPO、知识库和表格构建，按路径查询、绘图与导出",
    ),
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
for verb in (build, add, info, find, show, neighbours, paths, query, contradictions, merges, picture, export):
    COMMAND.command(verb.__name__)(verb)
