"""Actual costing: hours, costs and articles on projects (profit-wire 4.5, 9.2, 11, 13)."""

from __future__ import annotations

from afas_soap.emulator.booking.definition import Definition
from afas_soap.emulator.booking.table.notation import shape
from afas_soap.emulator.booking.table.orders import ITEM_TYPE

_REALIZATION = shape(
    "PtRealization",
    f"""
    UseSetImport        boolean       Import per set
    CreateDeclarations  boolean       Direct declaraties aanmaken
    ApprovWorkflow      boolean       Declaratie goedkeuren via workflow
    GetPcIdAndPrId      boolean       Plaatsing en project zelf bepalen
    UnknownCandidate    boolean       Accepteer onbekende kandidaat (reverse billing)
    Id                  int           Regelnummer
    XpRe                string40      Externe sleutel
    DaTi                date*         Datum
    VaIt                string10*     {ITEM_TYPE}
    ItCd                string40*     Itemcode (verwijzing naar: Item => AfasFbBasicItems)
    Qu                  decimal16.5   Aantal
    QuSa                decimal16.5   Verkoop (aantal)
    EmId                string15      Medewerker (verwijzing naar: Medewerker => AfasKnEmployee)
    EnSe                int           Dienstverband
    PrId                string15      Project (verwijzing naar: Project => AfasPtProject)
    PrSt                string15      Projectfase
    BcId                string15      Organisatie/persoon (verwijzing naar: Organisatie/persoon => AfasKnBasicContact)
    DbId                string16      Verkooprelatie (verwijzing naar: Verkooprelatie => AfasKnSalRelation)
    StId                string5       Uursoort
    AmCo                decimal26.10  Kostprijs
    AmSe                decimal26.10  Verkoopprijs (BV)
    DcPr                decimal6.2    Kortingspercentage
    VaRc                string4       Btw-tariefgroep
    Ch                  boolean       Doorbelasten
    Ds                  string255     Omschrijving
    DsIn                string255     Omschrijving intern
    DsEx                string255     Omschrijving extern
    V1Cd                string16      Code verbijzonderingsas 1
    V2Cd                string16      Code verbijzonderingsas 2
    V3Cd                string16      Code verbijzonderingsas 3
    V4Cd                string16      Code verbijzonderingsas 4
    V5Cd                string16      Code verbijzonderingsas 5
    Di01                int           Vrije dimensie 1 (verwijzing naar: Vrije dimensie 1 => AfasPtCustomD01)
    Di02                int           Vrije dimensie 2 (verwijzing naar: Vrije dimensie 2 => AfasPtCustomD02)
    Di03                int           Vrije dimensie 3 (verwijzing naar: Vrije dimensie 3 => AfasPtCustomD03)
    Di04                int           Vrije dimensie 4 (verwijzing naar: Vrije dimensie 4 => AfasPtCustomD04)
    Di05                int           Vrije dimensie 5 (verwijzing naar: Vrije dimensie 5 => AfasPtCustomD05)
    War                 string15      Magazijn (verwijzing naar: Magazijn => AfasFbWarehouse)
    Loc                 string15      Magazijnlocatie (verwijzing naar: Magazijnlocatie => AfasFbWarehouseLocation)
    EmDp                string10      Organisatorische eenheid medewerker (verwijzing naar: Organisatorische eenheid => AfasKnOrgUnit)
    PrDp                string10      Organisatorische eenheid project (verwijzing naar: Organisatorische eenheid => AfasKnOrgUnit)
    Dept                string10      Organisatorische eenheid gewerkt (verwijzing naar: Organisatorische eenheid => AfasKnOrgUnit)
    CrId                string30      Kostenplaats medewerker
    CcId                string30      Kostendrager medewerker
    CoAm                decimal26.10  Vergoeding
    LeId                int           Identificatie ziek/verlof
    UnRe                int           Administratie Retail (verwijzing naar: Administratie => AfasKnUnit)
    UnId                string15      Eenheid
    QuUn                decimal16.5   Aantal eenheden
    QuLe                decimal16.5   Lengte
    QuWi                decimal16.5   Breedte
    QuHe                decimal16.5   Hoogte
    Upri                decimal26.10  Prijs per eenheid (basisvaluta)
    StL1                string10      Artikeldimensiecode 1 (verwijzing naar: Artikeldimensiecodes => AfasFbStockDimLines)
    StL2                string10      Artikeldimensiecode 2 (verwijzing naar: Artikeldimensiecodes => AfasFbStockDimLines)
    Rem                 string30      Opmerking kort
    Ap                  boolean       Akkoord
    Pr                  boolean       Gereed
    StTi                time          Begintijd
    EnTi                time          Eindtijd
    PaTi                time          Pauzetijd
    UnEm                int           Administratie medewerker (verwijzing naar: Administratie => AfasKnUnit)
    MoId                string15      Bewakingscode (verwijzing naar: Bewakingscode => AfasPtMonitor)
    CoTy                string20      Type projectkosten (verwijzing naar: Tabelwaarde,Type projectkosten => AfasKnCodeTableValue)
    CuId                string3       Valuta (verwijzing naar: Valuta => AfasKnCurrency)
    Rate                decimal28.10  Valutakoers
    UpFc                decimal26.10  Prijs per eenheid
    AmFc                decimal26.10  Verkoopprijs
    SaAF                decimal26.10  Verkoopbedrag
    PrVF                decimal26.10  Verkoopprijs inclusief btw
    SaIF                decimal26.10  Verkoopbedrag inclusief btw
    LdAF                decimal26.10  Bedrag korting
    LdIF                decimal26.10  Bedrag korting inclusief btw
    FileId              string32      Bestand id
    FileName            string255     Filename
    FileStream          blob          File as byte-array
    DiAp                boolean       Afgekeurd
    DiRe                string        Toelichting afkeuring
    PcId                string12      Plaatsing (verwijzing naar: Plaatsing => AfasPtPlacementContract)
    Pay                 boolean       Verlonen
    AmPy                decimal26.10  Loonprijs
    PcPy                decimal6.2    Percentage bruto loon
    CcSr                string30      Kostenplaats verkooprelatie (verwijzing naar: Kostenplaats per verkooprelatie => AfasKnSalesRelationCostCentre)
    ReBi                boolean       Reversed billing
    ExAp                boolean       Goedgekeurd extern
    ExDa                dateTime      Goedgekeurd op extern
    ExUs                string80      Goedgekeurd door extern (verwijzing naar: Contact => AfasKnContactData)
    RfCs                string100     Opdrachtnummer/referentie
    DcId                string16      Declaratienummer (verwijzing naar: Declaratie nacalculatie => AfasPtDeclaration)
    Fref                string32      Factuurreferentie
    InPu                boolean       Binnen inkoop
    PoMo                int           Pocketmode
    AmSp                decimal26.10  Toeslag
    ChPc                decimal5.2    Percentage opslag
    WoHo                boolean       Thuiswerken
    OvPc                decimal5.2    Overhead (%)
    ViTr                string20      Vervoermiddel
    ViTv                string20      Soort reis
    RfPu                string100     Referentie inkooprelatie
    Purc                boolean       Inkoop
    PuPr                decimal26.10  Inkoopprijs
    """,  # noqa: E501
)

REALIZATIONS = (
    Definition(
        "PtRealization",
        "Nacalculatie",
        _REALIZATION,
        # What AFAS' own updates name; its address of a DELETE names a switch of the import.
        keys=("Id",),
        results=("XpRe", "Id", "Sessieguid"),
        result_name="PtRealization",
    ),
)
"""The connectors of actual costing."""
