"""View definitions: which GetConnector shows which UpdateConnector's records, and how a record becomes rows.

A column says where its value comes from:

===================  ============================================================================================
``Ds``               the field or key of that code, or the number that was handed out for it
``KnPerson/LaNm``    a field of the first row of a sub-object
``A|B``              the first of them that is there
``A+B``, ``A++B``    what is there of them, with one blank or two between
``^UnId``            in rows of a sub-object: a field of the record above
``DaTi:year``        the year of a date, or its ``month``
``'Art'``            that text
===================  ============================================================================================

The fields are AFAS' own (profit-wire 11 and 12); that a column shows that field is inferred from their names. Columns
that are not named stay empty, such as the moments of creation and change: the emulator has no clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from afas_soap.emulator.booking.records import Document, Row

_GAP = re.compile(r" {2,}")


@dataclass(frozen=True, slots=True)
class View:
    """The rows that ``connector`` shows of each record of ``update``: one, or one for each row of the sub-object
    ``part``. ``keys`` are the columns by which a row of the seed is known to be the record's, with the codes of its
    key."""

    connector: str
    update: str
    columns: Mapping[str, str]
    keys: Mapping[str, str]
    part: str = ""

    def fits(self, row: Mapping[str, object]) -> bool:
        """Whether a row has the texts that stand in the view itself: a person is no organisation."""
        texts = {column: source.strip("'") for column, source in self.columns.items() if source.startswith("'")}
        return all(row.get(column, text) == text for column, text in texts.items())


def _views(connector: str, updates: str, keys: str, text: str, part: str = "") -> tuple[View, ...]:
    columns: dict[str, str] = {}
    for line in text.strip().splitlines():
        column, source = _GAP.split(line.strip(), maxsplit=1)
        columns[column] = source
    return tuple(
        View(connector, update, columns, {name: columns[name].removeprefix("^") for name in keys.split()}, part)
        for update in updates.split()
    )


def _party(update: str, kind: str, name: str) -> tuple[View, ...]:
    return _views(
        "Profit_OrgPer",
        update,
        "BcCo",
        f"""
        BcCo         BcCo
        Type         '{kind}'
        SearchName   SeNm
        Name         {name}
        AdressLine1  KnBasicAddressAdr/Ad+KnBasicAddressAdr/HmNr+KnBasicAddressAdr/HmAd
        AdressLine3  KnBasicAddressAdr/ZpCd++KnBasicAddressAdr/Rs
        TelWork      TeNr
        MailWork     EmAd
        Homepage     HoPa
        Note         Re
        ChOfCommNr   CcNr
        DateBirth    DaBi
        BSN          SoSe
        """,
    )


def _debtor(update: str, inner: str, name: str) -> tuple[View, ...]:
    address = f"{inner}/KnBasicAddressAdr"
    return _views(
        "Profit_Debtor",
        update,
        "DebtorId",
        f"""
        DebtorId        DbId
        DebtorName      {name}
        BcCo            BcCo|{inner}/BcCo
        SearchName      {inner}/SeNm
        AdressLine1     {address}/Ad+{address}/HmNr+{address}/HmAd
        AdressLine3     {address}/ZpCd++{address}/Rs
        TelNr           {inner}/TeNr
        Email           {inner}/EmAd
        IBAN            Iban|{inner}/KnBankAccount/Iban
        VatNr           VaId
        ChOfCommNr      {inner}/CcNr
        CollectAccount  ColA
        PayCon          PaCd
        VatDuty         VaDu
        Blocked         Bl
        CreditLimit     Krli
        CurrencyId      CuId
        AutoPayment     AuPa
        """,
    )


VIEWS: tuple[View, ...] = (
    *_views(
        "Profit_Subjects",
        "KnSubject",
        "SubjectId",
        """
        TypeId             StId
        SubjectId          SbId
        DateCreated        Da
        Subject            Ds
        Comment            SbTx
        FeV1               FvF1
        FeV2               FvF2
        FeV3               FvF3
        OrgPersId          KnSubjectLink/BcId
        ContactNr          KnSubjectLink/CdId
        ToDebtor           KnSubjectLink/ToSR
        ToOrgPers          KnSubjectLink/ToBC
        ToEmployee         KnSubjectLink/ToEm
        Project            KnSubjectLink/PjId
        Source             SbHi
        Responsible        EmId|UsId
        StartDate          DtFr
        EndDate            DtTo
        Afgehandeld        St
        Datum_afgehandeld  DtSt
        Bron               ScId
        Type_actie         SaId
        Prioriteit         ViPr
        """,
    ),
    *_views(
        "ProfitSubjects",
        "KnSubject",
        "SbId",
        """
        SbTy  StId
        SbId  SbId
        DaSe  Da
        Ds    Ds
        Memo  SbTx
        FeV1  FvF1
        FeV2  FvF2
        FeV3  FvF3
        BcCd  KnSubjectLink/BcId
        """,
    ),
    *_views(
        "Profit_Subject_Attachments",
        "KnSubject",
        "subject_id",
        """
        attachment_id  AtId
        subject_id     ^SbId
        file_id        FileId
        file_name      FileName
        """,
        part="KnSubjectAttachment",
    ),
    *_views(
        "Profit_Subject_Reaction_Attachments",
        "KnSubjectReaction KnSubjectWorkflowReaction",
        "",
        """
        attachment_id  AtId
        reaction_id    ^Id
        subject_id     ^SbId
        file_id        FileId
        file_name      FileName
        file_size      FileSize
        """,
        part="KnReactionAttachment",
    ),
    *_views(
        "Dossierexport",
        "KnSubject",
        "DossieritemId",
        """
        Type           StId
        DossieritemId  SbId
        Relatie        KnSubjectLink/BcId
        Instuurdatum   Da
        """,
    ),
    *_party("KnOrganisation", "Organisatie", "Nm"),
    *_party("KnPerson", "Persoon", "FiNm+Is+LaNm"),
    *_debtor("KnSalesRelationOrg", "KnOrganisation", "KnOrganisation/Nm"),
    *_debtor("KnSalesRelationPer", "KnPerson", "KnPerson/FiNm+KnPerson/Is+KnPerson/LaNm"),
    *_views(
        "Profit_Article",
        "FbItemArticle",
        "ItemCode",
        """
        ItemCode          ItCd
        Description       Ds
        ExtraDescription  DsEx
        UnitId            BiUn
        Factor            PrFc
        ArtGroup          Grp
        Blocked           Bl
        Barcode           BaCo
        VATGroup          VaRc
        ItemSortCode      VaTp
        ItemTypeCode      'Art'
        Stock             BiSt
        BitDecimals       BiDc
        PriceGroup        PrGr
        """,
    ),
    *_views(
        "Profit_Salesorders",
        "FbSales",
        "OrderNumber",
        """
        Ordersoort         OrderKind
        OrderNumber        OrNu
        Status             Status
        OrderDate          OrDa
        DebtorId           DbId
        CurrencyId         CuId|'EUR'
        CustomerReference  RfCs
        Gross              Gross
        Discount           Discount
        TotalAmount        TotalAmount
        VAT                VAT
        Quantity           Quantity
        """,
    ),
    *_views(
        "Profit_SalesorderLines",
        "FbSales",
        "OrderNumber",
        """
        OrderNumber        ^OrNu
        Status             ^Status
        OrderDate          ^OrDa
        DebtorId           ^DbId
        CurrencyId         ^CuId|'EUR'
        CustomerReference  ^RfCs
        SeqNo              SeqNo
        LineStatusCode     ^Status
        LineGuid           LineGuid
        ItemTypeCode       ItemTypeCode|VaIt
        ItemCodeId         ItCd
        Description        Ds
        UnitId             BiUn
        PiecePerUnit       QuUn
        PricePerUnit       Upri
        AmtRowDiscount     Discount
        PriceNet           PriceNet
        AmtTotal           Amount
        """,
        part="FbSalesLines",
    ),
    *_views(
        "Profit_Transactions",
        "FiEntries",
        "",
        """
        UnitId       ^UnId
        EntryNo      EnNo
        SeqNo        SeqNo
        Year         ^Year
        Period       ^Peri
        JournalId    ^JoCo
        AccountNo    AcNr
        AmtDebit     AmDe|'0'
        AmtCredit    AmCr|'0'
        EntryDate    EnDa
        InvoiceId    InId
        VoucherDate  BpDa
        VoucherNo    BpNr
        VatCode      VaId
        Description  Ds
        """,
        part="FiEntries",
    ),
    *_views(
        "Profit_Projects",
        "PtProject",
        "ProjectId",
        """
        ProjectId     PrId
        Description   Ds
        UnitId        UnFi
        ProjectGroup  PrGp
        CheckedOut    ChOu
        BcCo          BcCo
        DebtorId      DbId
        DateStart     DaSt
        DateReady     DtGw
        Chargeable    Ch
        """,
    ),
    *_views(
        "Profit_Realization",
        "PtRealization",
        "Identity",
        """
        Identity      Id
        Year          DaTi:year
        PeriodId      DaTi:month
        DateTime      DaTi
        EmployeeId    EmId
        ProjectId     PrId
        Description   Ds
        ItemType      VaIt
        ItemCodeId    ItCd
        InitId        UnId
        QuantityUnit  Qu|QuUn
        Chargeable    Ch
        Approved      Ap
        Prepared      Pr
        """,
    ),
)
_NUMBERS = {
    ("EnNo", "FiEntries"): (("Profit_Transactions", "EntryNo"),),
    # Our own code (see booking.rules.dossier), counted from the seed's larger ones.
    ("AtId", "KnSubjectAttachment"): (("Profit_Subject_Reaction_Attachments", "attachment_id"),),
}


def views_of(connector: str) -> tuple[View, ...]:
    """What a GetConnector shows of updates."""
    return tuple(view for view in VIEWS if view.connector == connector)


def seed_view(update: str) -> View | None:
    """The view whose seed rows are records of this UpdateConnector, as if they had been inserted long ago."""
    return next((view for view in VIEWS if view.update == update and view.keys and not view.part), None)


def owner_of(row: Mapping[str, object], view: View) -> str:
    """Whose record a row of the seed is that has the key of a record of ``view``: another UpdateConnector's, where
    that one shares the numbers."""
    others = (each for each in views_of(view.connector) if not each.part)
    return next((each.update for each in (view, *others) if each.fits(row)), view.update)


def seed_keys(update: str, code: str) -> tuple[tuple[str, str], ...]:
    """Where the seed shows the numbers that are handed out for a key: GetConnectors with their columns."""
    view = seed_view(update)
    columns = [] if view is None else [(view.connector, name) for name, key in view.keys.items() if key == code]
    return _NUMBERS.get((code, update), ()) + tuple(columns)


def rows_of(view: View, document: Document) -> Iterator[Mapping[str, str | None]]:
    """The rows a record has in a view: texts by column, None for what is empty.

    A record that the seed shows has only the columns that an update gave.
    """
    whole = not document.seeded
    for row in document.row.parts.get(view.part, []) if view.part else [document.row]:
        found = {column: _found(source, row, document.row) for column, source in view.columns.items()}
        yield {column: text for column, (given, text) in found.items() if given or whole}


def _found(source: str, row: Row, above: Row) -> tuple[bool, str | None]:
    """Whether any field of a source was ever given, and its text."""
    given = False
    for choice in source.split("|"):
        blanks = "  " if "++" in choice else " "
        terms = [_term(term, row, above) for term in choice.replace("++", "+").split("+")]
        given = given or any(known for known, _ in terms)
        text = blanks.join(part for _, part in terms if part)
        if text:
            return given, text
    return given, None


def _term(term: str, row: Row, above: Row) -> tuple[bool, str]:
    if term.startswith("'"):
        # A text of our own says nothing about whether the record has a value.
        return False, term.strip("'")
    if term.startswith("^"):
        return _term(term[1:], above, above)
    *path, code = term.partition(":")[0].split("/")
    for name in path:
        rows = row.parts.get(name)
        if not rows:
            return False, ""
        row = rows[0]
    text = row.text(code)
    if term.endswith(":year"):
        text = text[:4].lstrip("0")
    elif term.endswith(":month"):
        text = text[5:7].lstrip("0")
    return code in row.values or code in row.handed, text
