"""The chart of accounts: the ledger accounts of every administration, and what the emulator books on by itself.

Which accounts SB itself books debtors, VAT and cash on is not told anywhere; these numbers are ours. The reference
codes (RGS) of those in AFAS' samples are AFAS', the others follow the public RGS scheme.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from afas_soap.emulator.sb.seed import samples
from afas_soap.emulator.sb.seed.fixed import VAT_RATES, country_id
from afas_soap.emulator.sb.tables import Row, guid_of

CASH, BANK, DEBTORS, CREDITORS = "1000", "1100", "1300", "1600"
VAT_DUE, VAT_CLAIMED, SUSPENSE, WRITTEN_OFF, CAPITAL = "1800", "1810", "2000", "4900", "0500"
REVENUE, PURCHASES = "8000", "7000"
ASSETS, LIABILITIES, COSTS, REVENUES = "Activa", "Passiva", "Kosten", "Opbrengsten"

# Two of AFAS' samples have the ids of these types: revenue, and ships.
_TYPE_IDS = {
    REVENUES: "aae9334f-0fa8-43cb-ad52-cff973b4c863",
    ASSETS: "980eb36a-8bec-45d9-97f6-06dd2c551818",
    LIABILITIES: guid_of("ledger type", LIABILITIES),
    COSTS: guid_of("ledger type", COSTS),
}


@dataclass(frozen=True, slots=True)
class Account:
    """A ledger account. ``vat`` is whether lines on it may have VAT, ``quantities`` how many quantities it keeps:
    one, two or none."""

    number: str
    description: str
    type: str
    rgs: str
    vat: bool = False
    invest: bool = False
    quantities: str = "none"


ACCOUNTS = (
    Account("0247", "Machines", ASSETS, "BMvaMei", vat=True, invest=True),
    Account(CAPITAL, "Eigen vermogen", LIABILITIES, "BEivKap"),
    Account(CASH, "Kas", ASSETS, "BLimKas"),
    Account(BANK, "Bank", ASSETS, "BLimBan"),
    Account(DEBTORS, "Debiteuren", ASSETS, "BVorDeb"),
    Account(CREDITORS, "Crediteuren", LIABILITIES, "BSchCre"),
    Account("1700", "Tussenrekening lonen", LIABILITIES, "BSchSal"),
    Account("1710", "Af te dragen loonheffing", LIABILITIES, "BSchBepLhe"),
    Account(VAT_DUE, "Te betalen btw", LIABILITIES, "BSchBepBtw"),
    Account(VAT_CLAIMED, "Te vorderen btw", ASSETS, "BVorVbkTvo"),
    Account(SUSPENSE, "Nog te verdelen", ASSETS, "BVorOvaVag"),
    Account("2300", "Kruisposten", ASSETS, "BLimKru"),
    Account("4000", "Algemene kosten", COSTS, "WBedAlk", vat=True),
    Account("4100", "Kleine machines en gereedschap", COSTS, "WBedHuiKgs", vat=True),
    Account(WRITTEN_OFF, "Afgeboekte vorderingen", COSTS, "WBedVkkAdd"),
    Account(PURCHASES, "Inkopen btw hoog", COSTS, "WKprKvg", vat=True),
    Account("7010", "Inkopen btw laag", COSTS, "WKprKvl", vat=True),
    Account(REVENUE, "Omzet algemeen", REVENUES, "WOmzGrpGr1", vat=True),
    Account("8010", "Omzet diensten", REVENUES, "WOmzGrpGr2", vat=True),
    Account("8020", "Omzet overig", REVENUES, "WOmzGrpGr3", vat=True),
    Account("8300", "Omzet per hectare", REVENUES, "WOmzGrpGr4", vat=True, quantities="two"),
)


def account_id(administration: str, number: str) -> str:
    """The id of an account of the chart."""
    known = samples.LEDGER_ACCOUNTS.get((administration, number))
    return known or guid_of("ledgeraccount", administration, number)


def rows(administration: str) -> Iterator[tuple[str, Row]]:
    """Connector and row of each account, with its reference code in a table of our own."""
    for account in ACCOUNTS:
        key = account_id(administration, account.number)
        yield (
            "ledgeraccounts",
            {**_ledger_account(account), "Id": key, "InstanceId": key, "AdministrationId": administration},
        )
        yield "_rgs", {"LedgerAccountId": key, "RgsCode": account.rgs, "RgsDescription": account.description}
        if account.number in (REVENUE, PURCHASES):
            yield (
                "invoicevatrate",
                {
                    "AdministrationCountryId": country_id("NL"),
                    "LedgerAccountId": key,
                    "VatRateId": VAT_RATES["Hoog"],
                    "InstanceId": guid_of("invoicevatrate", key),
                },
            )


def _ledger_account(account: Account) -> Row:
    keeps = account.quantities != "none"
    return {
        "Description": account.description,
        "LedgerAccountNumber": account.number,
        "Type": account.type,
        "TypeId": _TYPE_IDS[account.type],
        "InvestInAsset": account.invest,
        "VatAllowed": account.vat,
        "MethodKeepingQuantities": account.quantities,
        "MethodKeepingQuantitiesId": guid_of("quantities", account.quantities),
        "Unit1": "kg" if keeps else "",
        "Unit1Id": guid_of("unit", "kg") if keeps else None,
        "Unit2": "hectare" if keeps else "",
        "Unit2Id": guid_of("unit", "hectare") if keeps else None,
    }
