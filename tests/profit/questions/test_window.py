"""Skip and take over SOAP, as they were measured (profit-wire 2.3): one reading for the client and the emulator."""

import pytest

from afas_soap.profit.questions.window import EVERYTHING, Window, over_soap


@pytest.mark.parametrize(
    ("asked", "window"),
    [
        ((0, 0), Window(0, 0)),
        ((0, 10), Window(0, 10)),
        ((5, 5000), Window(5, 5000)),
        ((-1, -1), EVERYTHING),
        ((-1, 0), EVERYTHING),
        ((-1, 10), EVERYTHING),
        ((-2, 10), Window(0, 10)),
        ((-2, 0), EVERYTHING),
        ((0, -1), Window(0, -1)),
        ((-2, -1), Window(0, -1)),
        ((0, 0, None, None), Window(0, 0)),
        ((0, 0, 3, 5000), Window(3, 1000)),
        ((2, 20, 3, 10), Window(2, 20)),
        ((2, 0, -1, 10), Window(2, 10)),
        ((0, 0, -1, None), EVERYTHING),
        ((0, 0, -2, None), EVERYTHING),
    ],
)
def test_over_soap(asked: tuple[int, ...], window: Window) -> None:
    """The parameters win over the options, whose take has a limit; a negative take is left for Profit to refuse."""
    assert over_soap(*asked) == window


def test_which_windows_ask_for_rows() -> None:
    """Only a take of 0 asks for none."""
    assert EVERYTHING.asks_for_rows
    assert Window(0, 1).asks_for_rows
    assert not Window(5, 0).asks_for_rows
