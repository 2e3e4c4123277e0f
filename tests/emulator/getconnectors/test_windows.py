"""Skip and take as they were measured (profit-wire 2.3 and 3.2)."""

from __future__ import annotations

import pytest

from afas_soap.emulator.getconnectors.windows import (
    Window,
    over_rest,
    over_soap,
    with_whole_skip,
    with_whole_skip_option,
)
from afas_soap.emulator.refusals import Refused

EVERYTHING = Window(-1, -1)


@pytest.mark.parametrize(
    ("skip", "take", "window"),
    [
        (0, 0, Window(0, 0)),  # a take of 0, or none, gives no rows
        (0, 10, Window(0, 10)),
        (5, 10, Window(5, 10)),
        (0, 5000, Window(0, 5000)),  # the parameter is not capped
        (-1, -1, EVERYTHING),
        (-1, 10, EVERYTHING),  # take is not looked at
        (-1, 0, EVERYTHING),
        (-2, 10, Window(0, 10)),  # below -1: as 0 when take is given
        (-2, 0, EVERYTHING),  # and as -1 when it is not
    ],
)
def test_soap_parameters(skip: int, take: int, window: Window) -> None:
    assert over_soap(skip, take) == window


@pytest.mark.parametrize(
    ("parameters", "options", "window"),
    [
        ((0, 0), (0, 10), Window(0, 10)),  # options alone
        ((0, 0), (3, 10), Window(3, 10)),
        ((0, 0), (0, 5000), Window(0, 1000)),  # capped
        ((0, 0), (-1, 10), EVERYTHING),  # also via the options
        ((2, 20), (3, 10), Window(2, 20)),  # the parameters win
        ((0, 20), (3, None), Window(3, 20)),
        ((-1, 0), (3, 10), EVERYTHING),
    ],
)
def test_soap_options(parameters: tuple[int, int], options: tuple[int, int | None], window: Window) -> None:
    assert over_soap(*parameters, *options) == window


@pytest.mark.parametrize(("skip", "take"), [(0, -1), (2, -1), (0, -5), (-2, -1)])
def test_a_negative_take_is_the_unexpected_error_on_both(skip: int, take: int) -> None:
    for window in (over_soap, over_rest):
        with pytest.raises(Refused) as caught:
            window(skip, take)
        assert caught.value.number == -2147180999
        assert caught.value.message("nl") == "An unexpected error has occurred."


@pytest.mark.parametrize(
    ("skip", "take", "window"),
    [
        (None, None, Window(0, 100)),
        (None, 7, Window(0, 7)),
        (3, None, Window(3, 100)),
        (0, 0, Window(0, 1)),  # one row, where SOAP gives none
        (-1, -1, EVERYTHING),
        (-1, 5, EVERYTHING),
        (-1, None, EVERYTHING),
        (-2, 5, Window(0, 5)),  # below -1: as 0, with a take and without
        (-5, None, Window(0, 100)),
    ],
)
def test_rest(skip: int | None, take: int | None, window: Window) -> None:
    assert over_rest(skip, take) == window


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("skip=abc&take=5", "skip=0&take=5"),
        ("take=5&SKIP=", "take=5&skip=0"),
        ("skip", "skip=0"),
        ("skip=1.5", "skip=0"),
        ("skip=-5&take=x&xskip=y", "skip=-5&take=x&xskip=y"),
        ("skip=99999999999", "skip=99999999999"),
        ("skip=%205", "skip=%205"),
        ("", ""),
    ],
)
def test_a_rest_skip_that_is_no_number_counts_as_0(sent: str, meant: str) -> None:
    """profit-wire 15.10."""
    assert with_whole_skip(sent) == meant


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("<Skip>abc</Skip><Take>2</Take>", "<Skip>-2</Skip><Take>2</Take>"),
        ("<skip ></skip>", "<skip >-2</skip>"),
        ("<Skip> 3 </Skip>", "<Skip> 3 </Skip>"),
        ("<Skip><b/></Skip>", "<Skip><b/></Skip>"),
    ],
)
def test_a_skip_in_the_options_that_is_no_number_counts_as_one_below_minus_1(sent: str, meant: str) -> None:
    """profit-wire 15.10."""
    assert with_whole_skip_option(sent) == meant
