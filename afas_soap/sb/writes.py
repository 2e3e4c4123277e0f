"""The resource table, writes: each POST, PUT and DELETE of SB with its version, body, rules and answer, in the notation
of ``sb.notation``.

Sources: small-business.md 3 and 5, and AFAS' OpenAPI file of 6.0.0. A body that both files have stands once where they
agree. Spellings such as ``PreferredIncommingPayments`` and ``VatTarive`` are AFAS'.
"""

from __future__ import annotations

from collections.abc import Mapping

_ADDRESS = (
    "StreetName*, HouseNumber int, HouseNumberAddition, Explanation, PostalZone, State, CityName*, CountryCode*, "
    "PreferredSupplierAddress b, PreferredShippingAddress b, PreferredBillingAddress b"
)
_ALLOCATION = "PeriodAllocation b, PeriodAllocationBeginDate date, PeriodAllocationEndDate date"
_PREFERRED = "PreferredOutgoingPayments b, PreferredIncommingPayments b"
_LINE = "Date* date, Description*, RelationType* {@unknown}, RelationId* u, ItemId u, Quantity* n, Price n, ProjectId u"
_COMPANY = (
    "ExternalId, CocNumber /^[0-9]+$/, VatNumber /^[A-Z0-9]+$/, Tradename, SbiCode, EmailAddress email, Website uri, "
    "PhoneNumber, Addresses [@address], BankAccounts [@companyaccount]"
)
_CUSTOMER = (
    "AdministrationId* u, EmailAddress email, PhoneNumber, BankAccountNumber, BIC, LedgerAccountId u, "
    "PaymentMethod {@payment}, PaymentConditionId u"
)

SETS: Mapping[str, str] = {
    "payment": 'creditcard,directdebit,debetcard,unknown,cash,ideal,banktransfer,"","null"',
    "vat": 'high,low,zero,"","null"',
    "known": "organisation,person",
    "unknown": "organisation,person,unknown",
    "attachments": "Attachments [AttachmentId* u]",
    "address": _ADDRESS,
    "companyaccount": f"AccountNumber*, BankId, Bic, CountryCode, AccountHolderName*, {_PREFERRED}",
    "personaccount": f"AccountNumber*, BankId*, Bic, CountryCode*, {_PREFERRED}",
    # AFAS lists fewer required members here than in a POST of the same.
    "personaccountput": f"AccountNumber*, BankId, Bic, CountryCode*, {_PREFERRED}",
    "company": _COMPANY,
    "human": "Initials, Prefix, EmailAddress email, PhoneNumber, ExternalId, Addresses [@address]",
    "allocation": _ALLOCATION,
    "customer": _CUSTOMER,
    "organisation": "Organisation (Name*, CompanyIdCoc, CompanyIdVat, TradeName)",
    "person": "Person (Firstname, Initials, Prefix, Lastname*)",
    "entry": "AdministrationId* u, Id* u",
    "quantities": "Quantity1 n, Unit1 {stuks,kg,hectare}, Quantity2 n, Unit2 {stuks,kg,hectare}",
    "purchase": (
        "AdministrationId* u, InvoiceNumber*, Reference, RelationType* {@unknown}, RelationId* u, InvoiceDate* date, "
        "DueDate* date, PlannedPaymentDate date, PaymentMethod {@payment}, @attachments"
    ),
    "purchaseline": (
        "LedgerAccountId* u, AmountExcludingVat* n, VatType* {@vat}, AmountVat n, "
        'VatCalculation {reversecharged,exempt,"","null"}'
    ),
    "salesinvoice": (
        "AdministrationId* u, IssueDate* date, Reference, RelationType* {@unknown}, RelationId* u, "
        "PaymentMethod {@payment}, AddressId u, SentInvoiceEmail* b, ToBeInvoiced b, @attachments"
    ),
    "salesentry": (
        "AdministrationId* u, InvoiceDate* date, InvoiceNumber*, RelationType* {@unknown}, RelationId* u, Reference, "
        "PaymentMethod {@payment}, PaymentConditionId u, @attachments"
    ),
    "alternative": "AlternativeAllocationDate date, @allocation",
}

WRITES = f"""
POST address 1.0 -> instances Adres
    RelationType {{@known}}, RelationId u, StreetName*, HouseNumber int, HouseNumberAddition, Explanation, PostalZone,
    State, CityName*, CountryCode*
POST bankaccount 1.0 -> instances Bankrekening
    RelationType* {{@known}}, RelationId* u, AccountNumber*, BankId, Bic, CountryCode*, AccountHolderName*
POST cashmutation 3.0 -> data CashMutationId FinancialBookingId
    AdministrationId* u, CashRegisterId u, Description*, Date* date, LedgerAccountId u, AmountIncludingVat* n,
    VatTarive {{high,low,zero}}, VatType {{purchase,sales}}, @attachments
POST contact 2.0 -> instances Persoon Emailadres Telefoonnummer Contactpersoon
    OrganisationId* u, ContactId u, FirstName, Initials, Prefix, LastName*, EmailAddress email, PhoneNumber
POST customer 1.0 in=none inferred -> instances Persoon Instelling Organisatie
    @customer, @person, @organisation
POST emailaddress 2.0 -> instances Emailadres
    RelationType* {{@known}}, RelationId* u, EmailAddress* email
POST financialjournalentry 1.0 -> data FinancialJournalEntryId
    AdministrationId* u, EntryDate* date, Description*, @attachments,
    EntryLine* [LedgerAccountId* u, Description, AmountDebit n, AmountCredit n,
        VatDirection {{sales,purchases,"","null"}}, VatType {{high,low,special,zero,"","null"}}, @allocation]
    rule: EntryLine when PeriodAllocation is true needs PeriodAllocationBeginDate PeriodAllocationEndDate
    rule: EntryLine some AmountDebit AmountCredit
DELETE financialjournalentry 1.0 -> data FinancialJournalEntryId
    @entry
POST linestobeinvoiced 1.0 -> data LinesToBeInvoiced
    AdministrationId* u, {_LINE}
PUT linestobeinvoiced 1.0 -> data LinesToBeInvoiced
    AdministrationId* u, LineToBeInvoicedId* u, {_LINE}
DELETE linestobeinvoiced 1.0 -> data LinesToBeInvoiced
    @entry
POST mandates 1.0 -> data MandateId
    AdministrationId* u, RelationType* {{@known}}, RelationId* u, RelationBankAccountId* u,
    AdministrationBankAccountId u, MandateReference, DateOfSignature* date, @attachments,
    PeriodOfValidity b, PeriodOfValidityBeginDate date, PeriodOfValidityEndDate date
POST organisation 3.0 in=6 -> data RelationId
    Name*, @company
POST organisation 4.0 in=8 -> data RelationId Addresses BankAccounts
    Name* >=1, @company
PUT organisation 3.0 in=6 -> data RelationId
    RelationId* u, Name, @company
PUT organisation 4.0 in=8 -> data RelationId
    RelationId* u, Name >=1, @company
POST payrolljournalentry 1.0 -> instances Memoriaalboeking2
    AdministrationId* u, Description*, Date* date,
    PayrollJournalEntryLine* [LedgerAccountNumber*, AmountDebit n, AmountCredit n]
POST person 3.0 in=6 -> data RelationId
    FirstName, LastName*, @human, BankAccounts [@personaccount]
POST person 4.0 in=8 inferred -> data RelationId Addresses BankAccounts
    FirstName, LastName*, @human, BankAccounts [@personaccount]
PUT person 3.0 in=6 -> data RelationId
    RelationId* u, FirstName, LastName, @human, BankAccounts [@personaccountput]
PUT person 4.0 in=8 inferred -> data RelationId
    RelationId* u, FirstName, LastName, @human, BankAccounts [@personaccountput]
POST phonenumber 1.0 -> instances Telefoonnummer
    RelationType {{@known}}, RelationId u, OrganisationId u, PhoneNumber*
POST purchaseinvoice 1.0 in=6 -> instances UitgaandeBetaling Inkoopfactuur
    AdministrationId, SupplierInvoiceId, OrderReference, SupplierOrganisationId, IssueDate, DueDate, PlannedPaymentDate,
    PaymentMethodId, Attachments [AttachmentId], InvoiceLine [Description, LedgerAccountNumberId, LineExtensionAmount,
        TaxAmount, VatTypeId, VatRateId, PerformanceDateTypeId, OtherPerformanceDate, PerformanceStartDate,
        PerformanceEndDate, LineNumber int]
POST purchasejournalentry 1.1 in=6 -> instances Leverancier Begunstigde UitgaandeBetaling Inkoopfactuur
    @purchase, InvoiceLine* [@purchaseline, Description]
POST purchasejournalentry 2.0 in=8 -> data PurchaseJournalEntryId PurchaseInternalInvoiceNumber
    @purchase, InvoiceLine* [@purchaseline, Description <=255, @alternative]
POST purchasejournalentry 3.0 in=8 -> data PurchaseJournalEntryId PurchaseInternalInvoiceNumber
    @purchase, InvoiceLine* [@purchaseline, Description <=255, @alternative, LocationId u, DepartmentId u, ProjectId u,
        @quantities]
    rule: InvoiceLine either LocationId DepartmentId
POST salesinvoice 2.0 in=6 -> data SalesInvoiceId
    @salesinvoice, InvoiceLine* [ItemId* u, Price number, Quantity* n, VatType {{@vat}}, ExtraDescription, @alternative]
POST salesinvoice 3.0 in=8 -> data SalesInvoiceId
    @salesinvoice, ProjectId u, InvoiceLine* [ItemId* u, Quantity* n, Price number, VatType {{@vat}}, Description,
        ExtraDescription, @alternative, LocationId u, DepartmentId u]
    rule: InvoiceLine either LocationId DepartmentId
DELETE salesinvoice 2.0 -> data salesinvoiceId
    @entry
POST salesjournalentry 2.0 in=6 -> data SalesJournalEntryId
    @salesentry, Description, InvoiceLine* [LedgerAccountId* u, Description, AmountExcludingVat* n, AmountVat n,
        VatType* {{@vat}}, IntraCommunityType {{supplies,services,"","null"}},
        VatCalculation {{reversecharged,exempt,"","null"}}]
POST salesjournalentry 3.0 in=8 -> data SalesJournalEntryId
    @salesentry, Description <=255, PaymentReference, ProjectId u, InvoiceLine* [LedgerAccountId* u,
        AmountExcludingVat* n, AmountVat n, VatType {{@vat}}, Description <=255,
        IntraCommunityType {{supplies,services,"","null"}},
        VatCalculation {{reversecharged,exempt,novat,"","null"}}, @alternative, LocationId u, DepartmentId u,
        @quantities]
    rule: InvoiceLine when VatType is high low needs AmountVat
    rule: InvoiceLine unless VatCalculation is novat needs VatType
    rule: InvoiceLine either LocationId DepartmentId
PUT salesjournalentry 2.1 in=8 -> data SalesJournalEntryId
    @entry, PaymentReference
DELETE salesjournalentry 2.0 in=6 -> data SalesJournalEntryId
    @entry
DELETE salesjournalentry 2.1 in=8 -> data SalesJournalEntryId
    @entry
POST salesjournalentrywof 1.0 in=8 -> data
    @entry, Description <=255
POST scanbox 1.0 in=none inferred -> instances
    Scan* (AdministrationId* u, DocumentId u, Description)
POST supplier 1.0 -> instances Persoon Instelling Leverancier Begunstigde Emailadres Telefoonnummer Bankrekening
    @customer, VatCalculation {{charged,novat,reversecharged,exempt,"","null"}}, @person, @organisation
"""
