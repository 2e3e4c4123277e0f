"""What is told of a batch, also where standard output does not take it."""

from __future__ import annotations

import io
import sys

import pytest

from afas_soap.batch.batch import Summary
from afas_soap.batch.sending import Ending
from afas_soap.cli.shared.batches import told

GONE = Ending(0, 1, "no")


class Full(io.StringIO):
    """A disk without room."""

    def write(self, _text: str) -> int:
        raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    ("summary", "code"),
    [
        (Summary(2, 2, 0, 0), 8),
        (Summary(2, 1, 0, 0, refused=(GONE,)), 5),
        (Summary(2, 1, 0, 0, stored=(GONE,)), 9),
    ],
)
def test_a_summary_that_cannot_be_written_is_no_batch_that_was_not_sent(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], summary: Summary, code: int
) -> None:
    """Exit code 2 would say that nothing was done."""
    monkeypatch.setattr(sys, "stdout", Full())
    assert told(summary) == code
    assert '{"total": 2, "done": ' in capsys.readouterr().err
