"""A decoder's chat template: read from its folder, and rendered once into a prompt with a place for the text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedside.errors import ModelError
from bedside.lang import tr

if TYPE_CHECKING:
    from tokenizers import Tokenizer

PLACE = "{text}"
"""Where the text goes in a prompt."""


def chat_of(folder: Path) -> str:
    """The template that a Hugging Face folder holds, or ""."""
    file = folder / "chat_template.jinja"
    found = (
        file.read_text(encoding="utf-8") if file.is_file() else _json(folder, "tokenizer_config").get("chat_template")
    )
    return found if isinstance(found, str) else ""


def ends_of(folder: Path) -> tuple[int, ...]:
    """The ids that end a text, by the folder's own word."""
    for name in ("generation_config", "config"):
        found = _json(folder, name).get("eos_token_id")
        if found is not None:
            return tuple(found) if isinstance(found, list) else (int(found),)
    return ()


def prompt_of(chat: str, tokenizer: Tokenizer) -> str:
    """What a decoder reads: its chat template around the text, or the text alone after the marks it begins with.

    The template is rendered in a sandbox: it is data that came with a model.

    >>> from bedside.backbones._load import load_backbone
    >>> prompt_of("{{ messages[0]['content'] }}\\nAnswer:", load_backbone("echo").tokenizer)
    '{text}\\nAnswer:'
    """
    if not chat:
        ids = tokenizer.encode("x")
        first = next(at for at, special in enumerate(ids.special_tokens_mask) if not special)
        return "".join(ids.tokens[:first]) + PLACE
    from jinja2 import TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    pages = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    values: dict[str, Any] = {"messages": [{"role": "user", "content": PLACE}], "add_generation_prompt": True}
    try:
        made = pages.from_string(chat).render(**values, bos_token=_first_mark(tokenizer), eos_token="")
    except TemplateError as fault:
        made = type(fault).__name__
    if made.count(PLACE) != 1:
        raise ModelError(
            tr("its chat template cannot be used", "其对话模板不可用"),
            next=tr("give one of your own: --set prompt=...{text}...", "请自行指定：--set prompt=...{text}..."),
        )
    return made


def _first_mark(tokenizer: Tokenizer) -> str:
    """What the tokenizer puts before a text, or ""."""
    found = tokenizer.encode("x")
    return str(found.tokens[0]) if found.special_tokens_mask[0] else ""


def _json(folder: Path, name: str) -> dict[str, Any]:
    try:
        values = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return values if isinstance(values, dict) else {}
