"""The table against what AFAS' file of 8.0 says, written here from the facts (small-business.md 4 and 5) and not from
the table: no copy of that file lies beside the project."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from afas_soap.sb.operation import Field, Kind, Operation, Source, Verb
from afas_soap.sb.table import shipped

_KINDS = {
    "": Kind.TEXT,
    "u": Kind.UUID,
    "n": Kind.NUMBER,
    "b": Kind.BOOLEAN,
    "d": Kind.MOMENT,
    "o": Kind.OBJECT,
    "int": Kind.INTEGER,
    "date": Kind.DATE,
    "email": Kind.EMAIL,
}

_READS = """
adminlicenseinformation 1.0 admin
    Name, Url, ScopeId n, License, AdministrationCount n, ExtraAdministrationCount n, UserCount n,
    ExtraUserCount n
accountingperiod 2.0
    Id u, AccountingYear, Description, StartDate d, EndDate d, AdministrationId u, PeriodNumber n
accountingyear 2.0
    Id u, Description, StartDate d, EndDate d, AdministrationId u
addresses 1.0 tracked
    Id u, StreetName, HouseNumber, HouseNumberAddition, PostalZone, CityName, CountryName, RelationId u,
    IsPreferedInvoiceAddress b, IsPreferedSupplierAddress b, RelationTypeId u
administration 1.0
    Description, InstanceId u, Id u
administrations 1.0
    Description, InstanceId u, Id u
balancetotalscurrentyear 1.0
    AdministrationId u, LedgerAccountId u, LedgerAccount, RgsCode, RgsDescription, LedgerAccountNumber, Total n
profitlosstotalscurrentyear 1.0
    AdministrationId u, LedgerAccountId u, LedgerAccount, RgsCode, RgsDescription, LedgerAccountNumber, Total n
bankaccounts 1.0 tracked
    Id u, AccountNumber, RelationIsOrganisationOrAdministration b, PreferredIncomingPayments b,
    PreferredOutgoingPayments b, RelationId u
cashregisters 1.0
    InstanceId u, Description, AdministrationId u
contacts 1.0 tracked
    Id u, OrganisationId u, PersonId u, Name, Firstname, Initials, Prefix, Lastname, PhoneNumber, Emailaddress,
    ExternalId, IsArchived b, PersonIsArchived b, OrganisationIsArchived b
countries 1.0 tracked
    Id u, Description, CodeISOAlpha2
creditorbalance 1.0
    AdministrationId u, RelationTypeId u, RelationId u, RelationName, LastCompleted d, OutstandingAmount n
debtorbalance 2.0
    AdministrationId u, RelationTypeId u, RelationId u, RelationName, LastCompleted d, OutstandingAmount n
creditorinvoicebalance 1.0
    InvoiceNumber, InvoiceDate d, CustomerReference, DueDate d, InternalInvoiceNumber, InvoiceId u,
    AdministrationId u, RelationTypeId u, RelationId u, RelationName, LastCompleted d, OutstandingAmount n,
    PaidAmount n, ProcessingAmount n, TotalAmount n
debtorinvoicebalance 3.0
    AdministrationId u, InvoiceDate d, DueDate d, InvoiceNumber, CustomerReference, RelationName, InvoiceId u,
    RelationId u, RelationTypeId u, LastCompleted d, OutstandingAmount n, TotalAmount n, PaidAmount n
debtorpaymentterms 1.0 query
    AdministationId u, OrganisationId u, PersonId u, UnknownRelationId u, InvoiceDate d, InvoiceId, Address,
    AddressId u, DueDate d, RelationId, RelationTypeId u
departments 1.0 tracked
    AdministrationId u, InstanceId u, Omschrijving
locations 1.0 tracked
    AdministrationId u, InstanceId u, Omschrijving
projects 1.0 tracked
    AdministrationId u, InstanceId u, Omschrijving
featuretoggles 1.0
    AdministrationId u, SalesInvoices b, SalesJournalEntries b, LinesToBeInvoiced b, Projects b, Supplies b,
    Services b, FixedAssets b
journalentries 1.1
    AdministrationId u, HeaderId u, LineId u, AccountingPeriodId u, AccountingYearId u, LedgerAccountId u,
    AmountDebit n, AmountCredit n, AmountTotal n, Number, PostingDate d, Description, DocumentIdentification,
    DocumentDate d, VatPercentage n, VatSection, VatAmount n, AuditCreatedOnDate d
ledgeraccounts 2.0
    Id u, Description, LedgerAccountNumber, TypeId u, InstanceId u, InvestInAsset b, VatAllowed b,
    MethodKeepingQuantitiesId u, Unit1Id u, Unit2Id u, AdministrationId u, Type, MethodKeepingQuantities, Unit1,
    Unit2
ledgerperiodtotals 1.0
    AdministrationId u, AccountingYear, AccountingYearId u, AccountingYearStartDate d, AccountingYearEndDate d,
    AccountingPeriod, AccountingPeriodId u, AccountingPeriodStartDate d, AccountingPeriodEndDate d,
    LedgerAccountId u, LedgerAccount, IsOpeningBalance b, RgsCode, RgsDescription, LedgerAccountNumber, Total n
linestobeinvoiced 1.0 query
    InstanceId u, AdministrationId u, RelationTypeId u, RelationId u, RelationNumber, RelationDescription,
    ProductId u, Description, Quantity n, Price n, TotalAmount n, ProjectId u, ProjectDescription, Status,
    SalesInvoiceNumber
organisations 2.0 tracked
    Id u, Name, CocNumber, VatNumber, PhoneNumber, EmailAddress, SbiCode, RelationId, ExternalId, IsArchived b
paymentconditions 1.0
    Id u, AdministrationId u, Description
persons 2.0 tracked
    Id u, Name, FirstName, Initials, Prefix, Lastname, PhoneNumber, EmailAddress, ExternalId, IsArchived b
products 3.0 tracked
    AdministrationId u, Id u, Description, Code, InternalId, PriceExcludingVAT n, PriceIncludingVAT n,
    ProductGroup, Barcode, Category, ExtraDescription, ProductStyle, ProductType, IsArchived b, IsBlocked b,
    IsDisabled b, Blob o
salesinvoices 1.2 tracked query
    InstanceId u, SalesInvoiceNumber, IssueDate d, AdministrationId u, RelationTypeId u, RelationId u,
    RelationNumber, RelationDescription, Status, Blob o, SalesInvoiceId u, AmountExcludingVat n, AmountVat n,
    AmountInvoiced n
salespricesperrelation 1.0 tracked
    Id u, ProductDescription, PriceExcludingVAT n, StartDate d, EndDate d, RelationDescription, ProductId u,
    RelationTypeId u, RelationId u
salesrelations 1.0
    AdministrationId u, RelationTypeId u, RelationId u, RelationNumber, RelationDescription, VatNumber
unknownrelation 1.0 tracked
    Id u, Name, SalesRelation b, PurchaseRelation b, IsBlocked b
vatrate 1.0
    Id u, Description
vattype 1.0
    Id u, Description
"""

_ADDRESSES = (
    "Addresses, Addresses/StreetName*, Addresses/HouseNumber int, Addresses/HouseNumberAddition, "
    "Addresses/Explanation, Addresses/PostalZone, Addresses/State, Addresses/CityName*, Addresses/CountryCode*, "
    "Addresses/PreferredSupplierAddress b, Addresses/PreferredShippingAddress b, Addresses/PreferredBillingAddress b"
)
_ORGANISATION = (
    "ExternalId, CocNumber, VatNumber, Tradename, SbiCode, EmailAddress email, Website, PhoneNumber, BankAccounts, "
    "BankAccounts/AccountNumber*, BankAccounts/BankId, BankAccounts/Bic, BankAccounts/CountryCode, "
    "BankAccounts/AccountHolderName*, BankAccounts/PreferredOutgoingPayments b, "
    f"BankAccounts/PreferredIncommingPayments b, {_ADDRESSES}"
)
_FILES = "Attachments, Attachments/AttachmentId* u"
_ALLOCATION = (
    "InvoiceLine/AlternativeAllocationDate date, InvoiceLine/PeriodAllocation b, "
    "InvoiceLine/PeriodAllocationBeginDate date, InvoiceLine/PeriodAllocationEndDate date"
)
_QUANTITIES = "InvoiceLine/Quantity1 n, InvoiceLine/Unit1, InvoiceLine/Quantity2 n, InvoiceLine/Unit2"

_WRITES = f"""
POST purchasejournalentry 3.0
    AdministrationId* u, InvoiceNumber*, Reference, RelationType*, RelationId* u, InvoiceDate* date, DueDate* date,
    PlannedPaymentDate date, PaymentMethod, {_FILES}, InvoiceLine*, InvoiceLine/LedgerAccountId* u,
    InvoiceLine/AmountExcludingVat* n, InvoiceLine/VatType*, InvoiceLine/Description, InvoiceLine/AmountVat n,
    InvoiceLine/VatCalculation, {_ALLOCATION}, InvoiceLine/LocationId u, InvoiceLine/DepartmentId u,
    InvoiceLine/ProjectId u, {_QUANTITIES}
POST purchasejournalentry 2.0
    AdministrationId* u, InvoiceNumber*, Reference, RelationType*, RelationId* u, InvoiceDate* date, DueDate* date,
    PlannedPaymentDate date, PaymentMethod, {_FILES}, InvoiceLine*, InvoiceLine/LedgerAccountId* u,
    InvoiceLine/AmountExcludingVat* n, InvoiceLine/VatType*, InvoiceLine/Description, InvoiceLine/AmountVat n,
    InvoiceLine/VatCalculation, {_ALLOCATION}
POST salesinvoice 3.0
    AdministrationId* u, IssueDate* date, RelationType*, RelationId* u, SentInvoiceEmail* b, InvoiceLine*,
    InvoiceLine/ItemId* u, InvoiceLine/Quantity* n, InvoiceLine/Price n, InvoiceLine/VatType, InvoiceLine/Description,
    InvoiceLine/ExtraDescription, {_ALLOCATION}, InvoiceLine/LocationId u, InvoiceLine/DepartmentId u, Reference,
    PaymentMethod, AddressId u, ToBeInvoiced b, {_FILES}, ProjectId u
DELETE salesinvoice 2.0
    AdministrationId* u, Id* u
POST salesjournalentry 3.0
    AdministrationId* u, InvoiceDate* date, InvoiceNumber*, RelationType*, RelationId* u, InvoiceLine*,
    InvoiceLine/LedgerAccountId* u, InvoiceLine/AmountExcludingVat* n, InvoiceLine/AmountVat n, InvoiceLine/VatType,
    InvoiceLine/Description, InvoiceLine/IntraCommunityType, InvoiceLine/VatCalculation, {_ALLOCATION},
    InvoiceLine/LocationId u, InvoiceLine/DepartmentId u, {_QUANTITIES}, Reference, Description, PaymentMethod,
    PaymentConditionId u, PaymentReference, {_FILES}, ProjectId u
PUT salesjournalentry 2.1
    AdministrationId* u, Id* u, PaymentReference
DELETE salesjournalentry 2.1
    AdministrationId* u, Id* u
POST salesjournalentrywof 1.0
    AdministrationId* u, Id* u, Description
POST address 1.0
    RelationType, RelationId u, StreetName*, HouseNumber int, HouseNumberAddition, Explanation, PostalZone, State,
    CityName*, CountryCode*
POST bankaccount 1.0
    RelationType*, RelationId* u, AccountNumber*, BankId, Bic, CountryCode*, AccountHolderName*
POST cashmutation 3.0
    AdministrationId* u, CashRegisterId u, Description*, Date* date, LedgerAccountId u, AmountIncludingVat* n,
    VatTarive, VatType, {_FILES}
POST contact 2.0
    OrganisationId* u, ContactId u, FirstName, Initials, Prefix, LastName*, EmailAddress email, PhoneNumber
POST emailaddress 2.0
    RelationType*, RelationId* u, EmailAddress* email
POST financialjournalentry 1.0
    AdministrationId* u, EntryDate* date, Description*, {_FILES}, EntryLine*, EntryLine/LedgerAccountId* u,
    EntryLine/Description, EntryLine/AmountDebit n, EntryLine/AmountCredit n, EntryLine/VatDirection,
    EntryLine/VatType, EntryLine/PeriodAllocation b, EntryLine/PeriodAllocationBeginDate date,
    EntryLine/PeriodAllocationEndDate date
DELETE financialjournalentry 1.0
    AdministrationId* u, Id* u
PUT linestobeinvoiced 1.0
    AdministrationId* u, LineToBeInvoicedId* u, Date* date, Description*, RelationType*, RelationId* u, ItemId u,
    Quantity* n, Price n, ProjectId u
POST mandates 1.0
    AdministrationId* u, RelationType*, RelationId* u, RelationBankAccountId* u, AdministrationBankAccountId u,
    MandateReference, DateOfSignature* date, {_FILES}, PeriodOfValidity b, PeriodOfValidityBeginDate date,
    PeriodOfValidityEndDate date
POST organisation 4.0
    Name*, {_ORGANISATION}
PUT organisation 4.0
    RelationId* u, Name, {_ORGANISATION}
POST payrolljournalentry 1.0
    AdministrationId* u, Description*, Date* date, PayrollJournalEntryLine*,
    PayrollJournalEntryLine/LedgerAccountNumber*, PayrollJournalEntryLine/AmountDebit n,
    PayrollJournalEntryLine/AmountCredit n
POST phonenumber 1.0
    RelationType, RelationId u, OrganisationId u, PhoneNumber*
POST supplier 1.0
    AdministrationId* u, EmailAddress email, PhoneNumber, BankAccountNumber, BIC, LedgerAccountId u, PaymentMethod,
    PaymentConditionId u, VatCalculation, Person, Person/Firstname, Person/Initials, Person/Prefix, Person/Lastname*,
    Organisation, Organisation/Name*, Organisation/CompanyIdCoc, Organisation/CompanyIdVat, Organisation/TradeName
"""


def told(text: str) -> list[tuple[list[str], dict[str, str]]]:
    """The words of each head, and what stands behind each name."""
    blocks = re.split(r"\n(?=\S)", text.strip())
    found = []
    for block in blocks:
        head, _, body = block.partition("\n")
        items = (item.split() for item in body.replace("\n", " ").split(","))
        found.append((head.split(), {name: " ".join(kind) for name, *kind in items}))
    return found


@pytest.mark.parametrize(("head", "columns"), told(_READS), ids=lambda part: part[0] if isinstance(part, list) else "")
def test_a_read_of_8_0(head: list[str], columns: dict[str, str]) -> None:
    connector, version, *options = head
    operation = shipped().operation(connector, Verb.GET)
    assert operation.version == version
    assert Source.FILE_8 in operation.sources
    here = {column.name: column.kind for column in operation.columns if Source.FILE_8 in column.sources}
    assert here == {name: _KINDS[kind] for name, kind in columns.items()}
    assert operation.query == (("BusinessActivityVersion",) if "query" in options else ())
    assert operation.admin_only == ("admin" in options)
    # 6.0.0 gives lines to be invoiced a tracking token, and 8.0's file shows neither that nor the contrary.
    assert operation.tracked == ("tracked" in options or connector == "linestobeinvoiced")


@pytest.mark.parametrize(
    ("head", "fields"), told(_WRITES), ids=lambda part: " ".join(part) if isinstance(part, list) else ""
)
def test_a_write_of_8_0(head: list[str], fields: dict[str, str]) -> None:
    verb, connector, version = head
    operation = shipped().operation(connector, Verb(verb), version)
    assert Source.FILE_8 in operation.sources
    here = {f"{path}{'*' if field.required else ''}": field for path, field in flat(operation.fields)}
    assert here.keys() == fields.keys()
    for name, kind in fields.items():
        if not here[name].members:
            expected = Kind.URI if name == "Website" else _KINDS[kind]
            assert here[name].kind is expected, name


def flat(fields: tuple[Field, ...], before: str = "") -> Iterator[tuple[str, Field]]:
    for field in fields:
        yield before + field.name, field
        yield from flat(field.members, f"{before}{field.name}/")


def test_what_is_in_8_0_and_nothing_more() -> None:
    """8.0 has one operation of each verb and connector in its paths; what is read here and not written above has its
    test against 6.0.0, of which 8.0 kept the version."""
    here = {(one.verb, one.connector) for one in shipped().operations if Source.FILE_8 in one.sources}
    reads = {(Verb.GET, head[0]) for head, _ in told(_READS)}
    writes = {(Verb(head[0]), head[1]) for head, _ in told(_WRITES)}
    kept = {(Verb.POST, "linestobeinvoiced"), (Verb.DELETE, "linestobeinvoiced")}
    assert here == reads | writes | kept | {(Verb.POST, "person"), (Verb.PUT, "person")}


@pytest.mark.parametrize(
    "connector",
    [
        *("address", "bankaccount", "country", "invoicevatpercentage", "invoicevatrate", "ledgeraccount"),
        *("paymentmethod", "supplier"),
    ],
)
def test_a_read_that_8_0_has_no_more(connector: str) -> None:
    assert shipped().operation(connector, Verb.GET).sources == Source.FILE_6


@pytest.mark.parametrize(
    ("connector", "key"),
    [
        ("products", ()),  # a row for each price
        ("salesrelations", ("AdministrationId", "RelationId")),
        ("journalentries", ("LineId",)),
        ("organisations", ("Id",)),
        ("departments", ("InstanceId",)),
    ],
)
def test_what_names_a_row(connector: str, key: tuple[str, ...]) -> None:
    assert shipped().operation(connector, Verb.GET).key == key


def test_every_key_is_a_column_and_every_rule_is_about_fields_that_there_are() -> None:
    for operation in shipped().operations:
        assert all(operation.column(name) for name in operation.key), operation.title
        for rule in operation.conditions:
            assert rule_names(rule) <= names(operation), (operation.title, rule)


def rule_names(rule: str) -> set[str]:
    return {word for word in rule.split() if word[0].isupper()}


def names(operation: Operation) -> set[str]:
    return {field.name for _, field in flat(operation.fields)}


def test_choices_of_8_0() -> None:
    def choices(verb: Verb, connector: str, *path: str) -> tuple[str, ...]:
        field = shipped().operation(connector, verb).field(path[0])
        for name in path[1:]:
            field = field.member(name) if field else None
        return field.choices if field else ()

    payment = ("creditcard", "directdebit", "debetcard", "unknown", "cash", "ideal", "banktransfer", "", "null")
    assert choices(Verb.POST, "salesjournalentry", "PaymentMethod") == payment
    assert choices(Verb.POST, "salesjournalentry", "RelationType") == ("organisation", "person", "unknown")
    assert choices(Verb.POST, "bankaccount", "RelationType") == ("organisation", "person")
    assert choices(Verb.POST, "purchasejournalentry", "InvoiceLine", "VatType") == ("high", "low", "zero", "", "null")
    assert "novat" in choices(Verb.POST, "salesjournalentry", "InvoiceLine", "VatCalculation")
    assert "novat" not in choices(Verb.POST, "purchasejournalentry", "InvoiceLine", "VatCalculation")
    assert choices(Verb.POST, "salesjournalentry", "InvoiceLine", "Unit1") == ("stuks", "kg", "hectare")
    assert choices(Verb.POST, "cashmutation", "VatTarive") == ("high", "low", "zero")
    status = shipped().operation("salesinvoices", Verb.GET).column("status")
    assert status
    assert {"TODO", "CREDITED", "MESSAGESEND"} <= set(status.choices)
    vat_section = shipped().operation("journalentries", Verb.GET).column("VatSection")
    assert vat_section
    assert len(vat_section.choices) == 12
