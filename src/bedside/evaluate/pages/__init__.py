"""Fills a page that needs nothing else (no network, no script, no other file); what all pages share is `frame.html`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bedside.lang import current, disclaimer, tr


def fill(template: str, *, folder_of_template: Path | None = None, **values: Any) -> str:
    """The template of that name in this folder, in the language in force; texts are escaped, `Markup` is not.

    A package whose pages lie beside it names its own folder, which is looked in first.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    folder = FileSystemLoader([*filter(None, (folder_of_template,)), Path(__file__).parent])
    pages = Environment(loader=folder, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return pages.get_template(template).render(tr=tr, lang=current(), disclaimer=disclaimer(), **values)
