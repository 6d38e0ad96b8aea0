"""Each head's form can do all that a form has to."""

from __future__ import annotations

import pytest

from bedside import registry
from bedside.model.forms import FORMS, Form, form_of

MEMBERS = sorted(name for name in vars(Form) if not name.startswith("_"))


@pytest.mark.parametrize("head", sorted(FORMS))
def test_a_head_has_a_form_that_can_do_all(head: str) -> None:
    assert [name for name in MEMBERS if not hasattr(form_of(head), name)] == []


def test_every_registered_head_has_a_form() -> None:
    assert set(registry.names("heads")) == set(FORMS) - {"score"}  # the scale of the numbers says which
