"""bedside: a medical language-model system that runs on your own machines. The public names, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bedside.model.folder import Model as Model
    from bedside.model.folder import open_model as open_model

__version__ = "0.1.0"

_PUBLIC = {"Model": "bedside.model.folder", "open_model": "bedside.model.folder"}
__all__ = ["Model", "__version__", "open_model"]


def __getattr__(name: str) -> Any:
    """Public names load what they need when first used, so `import bedside` stays instant."""
    if name not in _PUBLIC:
        raise AttributeError(f"module 'bedside' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_PUBLIC[name]), name)
