"""Whether a question that names nothing of ours is about the awards."""

from __future__ import annotations

from dataclasses import replace

import pytest

from intents.learnt import learnt
from intents.scope import ScopeSigns

MIDDLING = ScopeSigns(0.5, 0.5, 0.5, 0.5, 0.1, 0, 0.0)


@pytest.mark.parametrize(
    ("stranger", "ours"),
    [
        (replace(MIDDLING, stranger_probability=1.0), replace(MIDDLING, stranger_probability=0.0)),
        (replace(MIDDLING, likeness_to_ours=0.0), replace(MIDDLING, likeness_to_ours=1.0)),
        (replace(MIDDLING, likeness_to_strangers=1.0), replace(MIDDLING, likeness_to_strangers=0.0)),
        (replace(MIDDLING, smalltalk_probability=1.0), replace(MIDDLING, smalltalk_probability=0.0)),
    ],
)
def test_each_sign_speaks_in_its_direction(stranger: ScopeSigns, ours: ScopeSigns) -> None:
    strangeness = learnt().strangeness.probability
    assert 0 <= strangeness(ours) < strangeness(stranger) <= 1
