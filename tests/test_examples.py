"""Every example in a docstring runs and prints what it says."""

from __future__ import annotations

import doctest
from importlib import import_module
from pkgutil import iter_modules, walk_packages

import pytest

import bedside

PARTS = [one.name for one in iter_modules(bedside.__path__, "bedside.") if one.name != "bedside.__main__"]


@pytest.mark.parametrize("part", PARTS)
def test_the_examples_of_a_part_print_what_they_say(part: str) -> None:
    module = import_module(part)
    within = [one.name for one in walk_packages(getattr(module, "__path__", ()), f"{part}.")]
    failed = {
        name: doctest.testmod(import_module(name), optionflags=doctest.ELLIPSIS).failed for name in (part, *within)
    }
    assert not {name: count for name, count in failed.items() if count}
