"""What people type, and what they mean: no suggestion leads astray, and none writes."""

from __future__ import annotations

import pytest

from afas_soap.profit.suggestions import COMMANDS, NAMES

THERE = ("auth", "connectors", "delete", "doctor", "emulator", "get", "insert", "settings", "update", "version")
OPTIONS = ("--where", "--order-by", "--take", "--skip", "--raw", "--delimiter", "--format", "--trace", "--no-check")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("list", "connectors"),
        ("LS", "connectors"),
        ("lst", "connectors"),
        ("gte", "get"),
        ("gett", "get"),
        ("conectors", "connectors"),
        ("query", "get"),
        ("login", "auth/login"),
        ("Get", "get"),
        ("frobnicate", None),
        ("diff", None),  # there is no compare among these
        ("", None),
    ],
)
def test_a_command(word: str, meant: str | None) -> None:
    assert COMMANDS.meant(word, THERE) == meant
    assert meant is not None or not COMMANDS.forbidden(word)


@pytest.mark.parametrize(
    "word", ["insert", "inset", "insrt", "updat", "deleet", "create", "post", "remove", "rm", "logout", "upsert", "add"]
)
def test_what_writes_or_removes_is_never_suggested(word: str) -> None:
    assert COMMANDS.meant(word, [*THERE, "remove", "logout", "add"]) is None
    assert COMMANDS.forbidden(word)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("--limit", "--take"),
        ("--limits", "--take"),
        ("-n", "--take"),
        ("--Take", "--take"),
        ("--tkae", "--take"),
        ("--filter", "--where"),
        ("--order_by", "--order-by"),
        ("--sort", "--order-by"),
        ("--csv", "--format=csv"),
        ("--offset", "--skip"),
        ("--all", None),  # there is no --everything among these
        ("--key", None),  # nor this, and it is not --skip
        ("--token", None),  # nor this, and it is not --take
        ("--fields", None),  # not --file, which is --output
        ("--check", None),  # not --no-check
        ("--no-chek", None),
        ("--nothing-like-it", None),
    ],
)
def test_an_option(word: str, meant: str | None) -> None:
    assert NAMES.meant(word, OPTIONS) == meant


def test_all_means_everything_where_that_is() -> None:
    """A comparison has --all itself."""
    assert NAMES.meant("all-rows", ["everything", "raw"]) == "everything"
    assert NAMES.meant("all-rows", ["all", "raw"]) == "all"


def test_no_table_leads_to_what_is_never_suggested() -> None:
    for meanings in (COMMANDS, NAMES):
        known = [part.partition("=")[0].partition("/")[0] for part in meanings._ours]
        for word in meanings._typed:
            meant = meanings.meant(word, known)
            assert meant is not None, word
            assert meant.rpartition("/")[2] not in meanings._never, word


def test_our_own_names_mean_themselves() -> None:
    """A name that is ours, and not here, is not turned into another one by its letters."""
    assert NAMES.meant("take", ["trace", "raw"]) is None
