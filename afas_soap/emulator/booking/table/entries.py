"""Financial entries (profit-wire 4.5, 9.2, 11, 13)."""

from __future__ import annotations

from afas_soap.emulator.booking.definition import Definition
from afas_soap.emulator.booking.table.notation import shape
from afas_soap.emulator.booking.table.orders import ITEM_TYPE
from afas_soap.profit.updates.update import Action

# EnNo has a star in AFAS' file, and no example names it: Profit hands it out.
_LINES = shape(
    "FiEntries",
    """
    EnNo         int~          Boekingsnummer
    VaAs         string10*     Kenmerk rekening (verwijzing naar: Tabelwaarde,Kenmerk rekening => AfasKnCodeTableValue)  1:Grootboekrekening   2:Debiteur   3:Crediteur
    AcNr         string16*     Rekeningnummer
    EnDa         date*         Datum boeking
    BpDa         date*         Boekstukdatum
    BpNr         string32      Boekstuknummer
    InId         string12      Factuurnummer
    Ds           string255     Omschrijving boeking
    AmDe         decimal26.10  Bedrag debet
    AmCr         decimal26.10  Bedrag credit
    VaId         string3       Btw-code (verwijzing naar: Btw-code => AfasKnVat)
    CoVc         string16      Btw terugvordering
    CuId         string3       Valuta (verwijzing naar: Valuta => AfasKnCurrency)
    Rate         decimal28.10  Valutakoers
    AmDc         decimal26.10  Valutabedrag debet
    AmCc         decimal26.10  Valutabedrag credit
    DaEx         date          Vervaldatum
    PaId         string32      Betalingskenmerk
    Judg         string15      Beoordelaar (verwijzing naar: Medewerker => AfasKnEmployee)
    BlPa         boolean       Blokkeren voor betaling
    AmGa         decimal26.10  Bedrag G-rekening
    RsNo         int           Nummer reservering (verwijzing naar: Reservering => AfasFiReservation)
    CmNo         int           Nummer verplichting (verwijzing naar: Verplichting => AfasFiCommitment)
    PaCd         string5       Betalingsvoorwaarde (verwijzing naar: Betalingsvoorwaarde => AfasKnPaymentCondition)
    AuPa         boolean       Automatisch betalen/incasseren
    PaBa         boolean       Terugbetalen
    IB47         boolean       Uitbetaalde bedragen aan derden
    CaId         int           Campagne (verwijzing naar: Campagne => AfasCmCampaign)
    OrNu         string12      Verkoopordernummer
    Mref         string32      Afletterreferentie
    Fref         string32      Factuurreferentie
    PrId         string15      Project (verwijzing naar: Project => AfasPtProject)
    BankAccount  string40      Afwijkende betaalrekeningnr.
    IdBa         int           Afwijkende betaalrekening (verwijzing naar: Bankrekening => AfasKnBankAccountBcn)
    DdId         string35      Afwijkend kenmerk machtiging
    DaCl         int           Dagen kredietbeperking
    VaPa         boolean       Betalingskorting incl. btw
    DaDp         int           Dagen betalingskorting
    AmDp         decimal26.10  Betalingskorting
    AcPa         decimal26.10  Betalingskorting in valuta
    DsId         int           Afwijkende aanmaningsset
    """,  # noqa: E501
    shape(
        "FiDimEntries",
        """
        DiC1  string16      Code verbijzonderingsas 1
        DiC2  string16      Code verbijzonderingsas 2
        DiC3  string16      Code verbijzonderingsas 3
        DiC4  string16      Code verbijzonderingsas 4
        DiC5  string16      Code verbijzonderingsas 5
        AmDe  decimal26.10  Bedrag debet
        AmCr  decimal26.10  Bedrag credit
        CuId  string3       Valuta (verwijzing naar: Valuta => AfasKnCurrency)
        AmDc  decimal26.10  Valutabedrag debet
        AmCc  decimal26.10  Valutabedrag credit
        Quan  decimal16.5   Aantal
        """,
    ),
    shape(
        "FiPrjEntries",
        f"""
        PrId  string15*      Project (verwijzing naar: Project => AfasPtProject)
        PrSt  string15       Projectfase
        VaIt  string10       {ITEM_TYPE}
        ItCd  string40*      Itemcode (verwijzing naar: Item => AfasFbBasicItems)
        Ds    string255      Omschrijving
        AmCo  decimal26.10~  Kostprijs
        Ch    boolean        Doorbelasten
        DcPr  decimal6.2~    Toeslag (%)
        AmSe  decimal26.10   Verkoopbedrag basisvaluta
        AmFc  decimal26.10   Verkoopbedrag
        CuId  string3        Valuta (verwijzing naar: Valuta => AfasKnCurrency)
        Rate  decimal28.10~  Valutakoers
        Di01  int            Vrije dimensie 1 (verwijzing naar: Vrije dimensie 1 => AfasPtCustomD01)
        Di02  int            Vrije dimensie 2 (verwijzing naar: Vrije dimensie 2 => AfasPtCustomD02)
        Di03  int            Vrije dimensie 3 (verwijzing naar: Vrije dimensie 3 => AfasPtCustomD03)
        Di04  int            Vrije dimensie 4 (verwijzing naar: Vrije dimensie 4 => AfasPtCustomD04)
        Di05  int            Vrije dimensie 5 (verwijzing naar: Vrije dimensie 5 => AfasPtCustomD05)
        Qu    decimal16.5    Aantal
        OvPc  decimal6.2     Overhead (%)
        EmId  string15       Medewerker (verwijzing naar: Medewerker => AfasKnEmployee)
        MoId  string15       Bewakingscode (verwijzing naar: Bewakingscode => AfasPtMonitor)
        CoTy  string20       Type projectkosten (verwijzing naar: Tabelwaarde,Type projectkosten => AfasKnCodeTableValue)
        """,  # noqa: E501
    ),
    shape(
        "FiTransEntries",
        """
        YeSt  int*      Boekjaar van
        PeSt  int*      Periode van (verwijzing naar: Periode => AfasKnPeriodTableRow)
        YeEn  int*      Boekjaar t/m
        PeEn  int*      Periode t/m (verwijzing naar: Periode => AfasKnPeriodTableRow)
        SuAc  string16  Tussenrekening (verwijzing naar: Grootboekrekening => AfasKnAccount)
        VaRo  string20  Afronding (verwijzing naar: Tabelwaarde,Afronding => AfasKnCodeTableValue)
        """,
    ),
)

ENTRIES = (
    Definition(
        "FiEntries",
        "Financiële boeking",
        shape(
            "FiEntryPar",
            """
            Year  int*      Boekjaar
            Peri  int*      Periode
            UnId  int       Administratienummer (verwijzing naar: Administratie => AfasKnUnit)
            JoCo  string6*  Dagboek (verwijzing naar: Dagboek => AfasKnJournal)
            AdDc  boolean   Maak verbijzonderingscode
            AdDa  boolean   Maak verbijzonderingstoewijzing
            PrTp  int       Type boeking
            AuNu  boolean   Autonummering factuur
            """,
            _LINES,
        ),
        # Handed out for each entry. The address of a DELETE names the year, which is no key of one.
        keys=("EnNo", "UnId"),
        results=("EnNo", "UnId", "InID"),
        result_name="FiEntries",
        verbs=frozenset({Action.INSERT, Action.DELETE}),
    ),
)
"""The connectors of the ledger."""
