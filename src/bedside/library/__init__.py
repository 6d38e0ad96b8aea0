"""The cited library: licensed sources cut into passages, found by words and by meaning, in Chinese and English.

Files without an underscore each read one kind of source file.
"""

from bedside.library._base import Item
from bedside.library._library import Library
from bedside.library._writer import About, add_items

__all__ = ["About", "Item", "Library", "add_items"]
