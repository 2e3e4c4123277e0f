"""The resource table, reads: each GET of SB with its version, columns and key, in the notation of ``sb.notation``.

What stands behind ``6:`` only the schemas of 6.0.0 have, behind ``8:`` only those of 8.0, behind ``seen:`` only AFAS'
samples. Sources: small-business.md 4, and AFAS' OpenAPI file of 6.0.0. ``status`` and ``relation`` are sets of words
and of columns, below.
"""

from __future__ import annotations

from collections.abc import Mapping

STATUS = (
    "TODO,BUSY,DONE,DONEEDIT,DONEERROR,REDO,CANNOTBEDONE,CANNOTBEREDONE,TOCREDIT,CREDITED,DELETED,TODOERROR,TODOEDIT,"
    "TODOPENDING,REPLACED,TOSPECIFY,SPECIFIED,ALTERNATIVELYSPECIFIED,INITIALIZED,INITIALIZEDEDIT,PENDINGAPPROVAL,"
    "PENDINGCOMPLETION,COMPLETED,DECLINED,TEMPLATE,TEMPLATEEDIT,TEMPLATEERROR"
)
"""Names of a status; some samples have a GUID there, so any text is kept (2)."""

SETS: Mapping[str, str] = {
    "status": STATUS,
    "vatsection": (
        "Rubriek1a,Rubriek1b,Rubriek1c,Rubriek1d,Rubriek1e,Rubriek2a,Rubriek3a,Rubriek3b,Rubriek3c,Rubriek4a,"
        "Rubriek4b,Rubriek5b"
    ),
    "invoicestatus": f"{STATUS},MESSAGEPENDING,MESSAGESEND,MESSAGEFAILED",
    # Artefacts of a union type in the schemas of 6.0.0; RelationType comes in samples.
    "relation2": "IsOrganisation, IsPerson, Organisation, Person, RelationType",
    "relation": "IsOrganisation, IsPerson, IsUnknown, Organisation, Person, Unknown, RelationType",
}

READS = """
accountingperiod 2.0 key=Id
    Id u, AccountingYear, Description, StartDate d, EndDate d, AdministrationId u, PeriodNumber n
accountingyear 2.0 key=Id
    Id u, Description, StartDate d, EndDate d, AdministrationId u
address 1.0 key=Id in=6 tracked
    Id u, StreetName, HouseNumber, HouseNumberAddition, PostalZone, City, Country, RelationId u,
    IsPreferedInvoiceAddress b, IsPreferedSupplierAddress b, RelationTypeId u, @relation2 seen: CityName, CountryName
addresses 1.0 key=Id tracked
    Id u, StreetName, HouseNumber, HouseNumberAddition, PostalZone, CityName, CountryName, RelationId u,
    IsPreferedInvoiceAddress b, IsPreferedSupplierAddress b, RelationTypeId u 6: @relation2
adminlicenseinformation 1.0 in=8 admin
    Name, Url, ScopeId n, License, AdministrationCount n, ExtraAdministrationCount n, UserCount n, ExtraUserCount n
administration 1.0 key=Id
    Description, InstanceId u, Id u
administrations 1.0 key=Id
    Description, InstanceId u, Id u
balancetotalscurrentyear 1.0 in=8
    AdministrationId u, LedgerAccountId u, LedgerAccount, RgsCode, RgsDescription, LedgerAccountNumber, Total n
profitlosstotalscurrentyear 1.0 in=8
    AdministrationId u, LedgerAccountId u, LedgerAccount, RgsCode, RgsDescription, LedgerAccountNumber, Total n
bankaccount 1.0 key=Id in=6
    Id u, Bankrekening, RelationId u
bankaccounts 1.0 key=Id tracked
    Id u, AccountNumber, RelationIsOrganisationOrAdministration b, RelationId u
    8: PreferredIncomingPayments b, PreferredOutgoingPayments b 6: RelationType
cashregisters 1.0 key=InstanceId
    InstanceId u, Description, AdministrationId u
contacts 1.0 key=Id tracked
    Id u, OrganisationId u, PersonId u, Name, Firstname, Initials, Prefix, Lastname, PhoneNumber, Emailaddress,
    ExternalId, IsArchived b, PersonIsArchived b, OrganisationIsArchived b
    seen: OrganisatieIsArchived b, PersoonIsArchived b
countries 1.0 key=Id tracked
    Id u, Description, CodeISOAlpha2
country 1.0 key=Id in=6
    Id u, Description, CodeISOAlpha2
creditorbalance 1.0
    AdministrationId u, RelationTypeId u, RelationId u, RelationName, OutstandingAmount n
    8: LastCompleted d 6: @relation seen: InstanceId u
creditorinvoicebalance 1.0 key=InvoiceId
    InvoiceNumber, InvoiceDate d, CustomerReference, DueDate d, InternalInvoiceNumber, InvoiceId u, AdministrationId u,
    RelationTypeId u, RelationId u, RelationName, OutstandingAmount n, PaidAmount n, ProcessingAmount n, TotalAmount n
    8: LastCompleted d 6: @relation seen: InstanceId u
debtorbalance 2.0
    AdministrationId u, RelationTypeId u, RelationId u, RelationName, OutstandingAmount n
    8: LastCompleted d 6: @relation seen: InstanceId u
debtorinvoicebalance 3.0 key=InvoiceId
    AdministrationId u, InvoiceDate d, DueDate d, InvoiceNumber, CustomerReference, RelationName, InvoiceId u,
    RelationId u, RelationTypeId u, OutstandingAmount n, TotalAmount n, PaidAmount n
    8: LastCompleted d 6: @relation seen: InstanceId u
debtorpaymentterms 1.0 query=BusinessActivityVersion
    AdministationId u, OrganisationId u, PersonId u, UnknownRelationId u, InvoiceDate d, InvoiceId, Address,
    AddressId u, DueDate d, RelationId, RelationTypeId u 6: @relation seen: CustomerId u, CustomerName
departments 1.0 key=InstanceId in=8 tracked
    AdministrationId u, InstanceId u, Omschrijving
featuretoggles 1.0 key=AdministrationId
    AdministrationId u, LinesToBeInvoiced b, Projects b, Supplies b, Services b, FixedAssets b
    8: SalesInvoices b, SalesJournalEntries b
invoicevatpercentage 1.0 in=6
    AdministrationCountryId u, VatRateId u, VatPercentage n seen: InstanceId u
invoicevatrate 1.0 in=6
    AdministrationCountryId u, LedgerAccountId u, VatRateId u seen: InstanceId u
journalentries 1.1 key=LineId
    AdministrationId u, HeaderId u, LineId u, AccountingPeriodId u, AccountingYearId u, LedgerAccountId u,
    AmountDebit n, AmountCredit n, AmountTotal n, Number, PostingDate d, Description, DocumentIdentification,
    DocumentDate d, VatPercentage n,
    VatSection {@vatsection}, VatAmount n, AuditCreatedOnDate d
ledgeraccount 1.0 key=Id in=6
    Id u, Description, LedgerAccountNumber, TypeId u, InstanceId u, AdministrationId u, InvestInAsset b
ledgeraccounts 1.0 key=Id in=6
    Id u, Description, LedgerAccountNumber, TypeId u, InstanceId u, AdministrationId u, InvestInAsset b
ledgeraccounts 2.0 key=Id in=8
    Id u, Description, LedgerAccountNumber, TypeId u, InstanceId u, InvestInAsset b, VatAllowed b,
    MethodKeepingQuantitiesId u, Unit1Id u, Unit2Id u, AdministrationId u, Type {Activa,Kosten,Opbrengsten,Passiva},
    MethodKeepingQuantities {one,two,none,""}, Unit1 {stuks,kg,hectare,""}, Unit2 {stuks,kg,hectare,""}
ledgerperiodtotals 1.0
    AdministrationId u, AccountingYear, AccountingYearId u, AccountingYearStartDate d, AccountingYearEndDate d,
    AccountingPeriod, AccountingPeriodId u, AccountingPeriodStartDate d, AccountingPeriodEndDate d, LedgerAccountId u,
    LedgerAccount, IsOpeningBalance b, RgsCode, RgsDescription, LedgerAccountNumber, Total n seen: InstanceId u
linestobeinvoiced 1.0 key=InstanceId tracked query=BusinessActivityVersion
    InstanceId u, AdministrationId u, RelationTypeId u, RelationId u, RelationNumber, RelationDescription, ProductId u,
    Description, Quantity n, Price n, TotalAmount n, ProjectId u, ProjectDescription, Status {@status},
    SalesInvoiceNumber 6: @relation
    seen: Ownorganization o, DatumGepland d, Klant o, ProjectKoppelen b, Project o, Verkoopproduct o, Aantal n, Prijs n,
    Bedrag n, MethodeBepalenPrijs u, KlantDescription, VerkoopproductDescription
locations 1.0 key=InstanceId in=8 tracked
    AdministrationId u, InstanceId u, Omschrijving
organisations 2.0 key=Id tracked
    Id u, Name, CocNumber, VatNumber, PhoneNumber, EmailAddress, SbiCode, RelationId, ExternalId, IsArchived b
paymentconditions 1.0 key=Id
    Id u, AdministrationId u, Description
paymentmethod 1.0 key=Id in=6
    Id u, Description
persons 2.0 key=Id tracked
    Id u, Name, FirstName, Initials, Prefix, Lastname, PhoneNumber, EmailAddress, ExternalId, IsArchived b
products 3.0 tracked
    AdministrationId u, Id u, Description, Code, InternalId, PriceExcludingVAT n, PriceIncludingVAT n, ProductGroup,
    Barcode, Category, ExtraDescription, ProductStyle, ProductType {supplies,services,unknown}, IsArchived b,
    IsBlocked b, IsDisabled b, Blob o 6: IsGoed, IsTijd, IsOnbekend, Supplies, Unknown, Services
projects 1.0 key=InstanceId tracked
    AdministrationId u, InstanceId u, Omschrijving
salesinvoices 1.0 key=InstanceId in=6 tracked
    InstanceId u, AdministrationId u, SalesInvoiceNumber, IssueDate d, RelationTypeId u, RelationNumber,
    RelationDescription, Status {@invoicestatus}, AmountExcludingVat n, AmountVat n, AmountInvoiced n, Blob o, @relation
salesinvoices 1.2 key=InstanceId in=8 tracked query=BusinessActivityVersion
    InstanceId u, SalesInvoiceNumber, IssueDate d, AdministrationId u, RelationTypeId u, RelationId u, RelationNumber,
    RelationDescription, Status {@invoicestatus}, Blob o, SalesInvoiceId u, AmountExcludingVat n, AmountVat n,
    AmountInvoiced n
salespricesperrelation 1.0 key=Id tracked
    Id u, ProductDescription, PriceExcludingVAT n, StartDate d, EndDate d, RelationDescription, ProductId u,
    RelationTypeId u, RelationId u 6: @relation seen: InstanceId u
salesrelations 1.0 key=AdministrationId,RelationId
    AdministrationId u, RelationTypeId u, RelationId u, RelationNumber, RelationDescription, VatNumber 6: @relation
supplier 1.0 key=SupplierId in=6
    Id u, Description, AdministrationId u, SupplierId u, Code, CompanyIdVat, CompanyIdCoc, VatTypeId u,
    LedgerAccountId u, PhoneNumber, PhoneNumberId u, Emailaddress, EmailaddressId u, AddressId u, Street, HouseNumber n,
    HouseNumberAddition, Comments, PostalCode, CityName, State, CountryCode, CountryName, BankAccountId u,
    AccountNumber, AccountHolder, BankId u, BIC, IncludeInBankFile b, PaymentMethodId u, IsBlocked b, IsArchived b,
    GescandeFacturenAutomatischBoeken, MaximumBedragVoorAutomatischBoeken
unknownrelation 1.0 key=Id tracked
    Id u, Name, SalesRelation b, PurchaseRelation b, IsBlocked b
vatrate 1.0 key=Id
    Id u, Description
vattype 1.0 key=Id
    Id u, Description
"""
