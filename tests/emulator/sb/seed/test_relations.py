"""Relations of the seeds: nobody real can be among them, and each has a number of its own."""

from __future__ import annotations

from afas_soap.emulator.sb.seed.relations import rows


def test_nobody_real_can_be_among_them() -> None:
    found = list(rows())
    mails = [str(row.get("EmailAddress") or row.get("Emailaddress") or ".example") for _, row in found]
    assert all(mail.endswith(".example") and mail.isascii() for mail in mails)
    accounts = [str(row["AccountNumber"]) for connector, row in found if connector == "bankaccounts"]
    assert all("EMUL" in account for account in accounts)
    assert len(set(accounts)) == len(accounts)


def test_numbers_are_given_once() -> None:
    numbers = [row["Number"] for connector, row in rows() if connector == "_relations"]
    assert len(set(numbers)) == len(numbers) > 30
