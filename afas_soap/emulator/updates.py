"""A few UpdateConnectors, described: for metainfo and for the XSD of the DataConnector. Nothing is updated here yet.

Codes, lengths and order are AFAS' own (profit-wire 4.6 and 11), the labels those of a Dutch environment. KnSubjectLink
and FbItemArticle have some of their fields only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from afas_soap.emulator.seed.table import FREE_TEXT, KEY_OR_LIST

_GAP = re.compile(r" {2,}")
_TYPE = re.compile(r"(?P<name>[A-Za-z]+)(?P<length>[0-9]+)?(?:\.(?P<decimals>[0-9]+))?(?P<mark>[!*]?)")
_REFERENCE = " (verwijzing naar:"
# Our type: (metainfo's name, XSD's name, length in metainfo). Metainfo has no name of its own for a date-time.
_TYPES = {
    "string": ("string", None, 0),
    "blob": ("blob", None, 0),
    "int": ("int", "long", 10),
    "boolean": ("boolean", "boolean", 1),
    "date": ("date", "date", 10),
    "dateTime": ("date", "dateTime", 19),
    "decimal": ("decimal", None, 0),
}


@dataclass(frozen=True, slots=True)
class _Field:
    """``key`` fields are attributes of Element in XML; ``required`` ones are never empty."""

    code: str
    type: str
    length: int
    decimals: int
    key: bool
    required: bool
    comment: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Object:
    """A connector, or an object inside one."""

    name: str
    description: str
    fields: tuple[_Field, ...]
    objects: tuple[_Object, ...] = ()


def _fields(text: str) -> tuple[_Field, ...]:
    """Lines of code, type, label and perhaps values, two blanks or more between; ``!`` marks a key, ``*`` a field that
    must be filled."""
    return tuple(_field(*_GAP.split(line.strip(), maxsplit=3)) for line in text.strip().splitlines())


def _field(code: str, declared: str, comment: str, values: str = "") -> _Field:
    match = _TYPE.fullmatch(declared)
    assert match is not None, declared
    pairs = (pair.partition(":") for pair in _GAP.split(values) if pair)
    return _Field(
        code,
        match["name"],
        int(match["length"] or _TYPES[match["name"]][2]),
        int(match["decimals"] or 0),
        match["mark"] == "!",
        match["mark"] == "*",
        comment,
        tuple((value, description) for value, _, description in pairs),
    )


_CONNECTORS = {
    connector.name: connector
    for connector in (
        _Object(
            "KnSubject",
            "Dossieritem",
            _fields(
                """
                SbId        int!        Dossieritem
                StId        int*        Type dossieritem (verwijzing naar: Type dossieritem => AfasKnSubjectType)
                Ds          string255*  Onderwerp
                SbTx        string      Toelichting
                Da          dateTime    Instuurdatum
                UsId        string80    Instuurder (verwijzing naar: Gebruiker => AfasKnUser)
                EmId        string80    Verantwoordelijke (verwijzing naar: Gebruiker => AfasKnUser)
                SbHi        int         Aanleiding (verwijzing naar: Dossieritem => AfasKnSubject)
                SaId        string5     Type actie (verwijzing naar: Type actie => AfasKnSubjectActionType)
                ViPr        string20    Prioriteit (verwijzing naar: Tabelwaarde,Prioriteit actie => AfasKnCodeTableValue)  H:HOOG   N:Normaal   L:Laag
                ScId        string5     Bron (verwijzing naar: Brongegevens => AfasKnSourceData)
                DtFr        dateTime    Begindatum
                DtTo        dateTime    Einddatum
                St          boolean*    Afgehandeld
                DtSt        dateTime    Datum afgehandeld
                FeCo        int         Betreft (verwijzing naar: Kenmerkcombinatie => AfasKnFeatureCombination)
                FvF1        int         Waarde kenmerk 1 (verwijzing naar: Waarde kenmerk => AfasKnFeatureValue)
                FvF2        int         Waarde kenmerk 2 (verwijzing naar: Waarde kenmerk => AfasKnFeatureValue)
                FvF3        int         Waarde kenmerk 3 (verwijzing naar: Waarde kenmerk => AfasKnFeatureValue)
                SbBl        boolean*    Geblokkeerd
                SbPa        string255   FileName of the attachment
                FileId      string32    File Id
                FileTrans   boolean     Save file with subject
                FileStream  blob        File as byte-array
                MarkOpened  boolean     Mark subject as opened
                ProfileId   int         Profiel ID
                """  # noqa: E501
            ),
            (
                _Object(
                    "KnSubjectLink",
                    "Bestemming dossieritem",
                    _fields(
                        """
                        SbId   int!      Dossieritem (verwijzing naar: Dossieritem => AfasKnSubject)
                        DoCRM  boolean   Save in CRM Subject
                        ToBC   boolean*  Organisatie/persoon
                        ToEm   boolean*  Medewerker
                        ToSR   boolean*  Verkooprelatie
                        ToPR   boolean*  Inkooprelatie
                        ToEr   boolean*  Werkgever
                        ToAp   boolean*  Sollicitant
                        SfId   string50  Bestemming
                        BcId   string15  Organisatie/persoon (verwijzing naar: Organisatie/persoon => AfasKnBasicContact)
                        CdId   int       Contact (verwijzing naar: Contact => AfasKnContactData)
                        PjId   string15  Project (verwijzing naar: Project => AfasPtProject)
                        CaId   int       Campagne (verwijzing naar: Campagne => AfasCmCampaign)
                        SjId   int       Dossieritem (verwijzing naar: Dossieritem => AfasKnSubject)
                        """  # noqa: E501
                    ),
                ),
                _Object(
                    "KnSubjectAttachment",
                    "Bijlage dossieritem",
                    _fields(
                        """
                        FileName    string255  FileName
                        FileId      string32   File Id
                        FileStream  blob       File as byte-array
                        """
                    ),
                ),
            ),
        ),
        _Object(
            "KnCourseMember",
            "Cursusdeelnemer",
            _fields(
                """
                CrId  int!          Cursusevenement (verwijzing naar: Evenement => AfasKnCourseEvent)
                CdId  int!          Deelnemer (verwijzing naar: Contact => AfasKnContactData)
                BcCo  string15*     BasicContactCode (verwijzing naar: Organisatie/Persoon => AfasKnBasicContact)
                DeId  string16      Debiteur (verwijzing naar: Verkooprelatie => AfasKnSalRelation)
                SuDa  date*         Inschrijfdatum
                DfPr  decimal26.10  Afwijkende prijs basisvaluta
                DiPc  decimal6.2    Kortingspercentage
                Invo  boolean*      Factureren
                Rm    string        Opmerking
                CuId  string3*      Valuta (verwijzing naar: Valuta => AfasKnCurrency)
                NFPr  decimal26.10  Afwijkende prijs
                RfCs  string100     Opdrachtnummer/referentie
                Bl    boolean       Geblokkeerd
                """
            ),
        ),
        _Object(
            "FbItemArticle",
            "Artikel",
            _fields(
                """
                ItCd     string40      Itemcode
                AuId     boolean       Autonummering
                Ds       string100     Omschrijving
                DsEx     string100     Extra omschrijving
                Grp      string15*     Artikelgroep
                BiSt     boolean       Voorraad bijhouden
                BiDc     int           Aantal decimalen
                BiUn     string15*     Basiseenheid
                VaRc     string4       Tariefgroep
                VaTp     string20      Artikeltype  0:Standaard artikel   1:Serienummerartikel   2:Partijartikel
                StPrice  decimal26.10  Verrekenprijs
                SaPrice  decimal26.10  Verkoopprijs
                PuPrice  decimal26.10  Inkoopprijs
                DatPri   date          Ingangsdatum prijzen
                CrId     string16      Inkooprelatie
                BaCo     string30      Barcode
                Bl       boolean       Geblokkeerd
                Rm       string        Opmerking
                """
            ),
        ),
    )
}
UPDATE_CONNECTORS: Mapping[str, str] = {name: connector.description for name, connector in _CONNECTORS.items()}
"""The description of each UpdateConnector, by its id."""


def update_metainfo(connector: str) -> dict[str, object]:
    """The document of ``GET /metainfo/update/{connector}`` (profit-wire 3.4); ``KeyError`` when there is none."""
    found = _CONNECTORS[connector]
    return {"id": found.name, "description": found.description, **_metainfo(found)}


def _metainfo(part: _Object) -> dict[str, object]:
    return {
        "name": part.name,
        "fields": [_field_metainfo(field) for field in part.fields],
        "objects": [_metainfo(inner) for inner in part.objects],
    }


def _field_metainfo(field: _Field) -> dict[str, object]:
    values = [{"id": value, "description": description} for value, description in field.values] or None
    return {
        "fieldId": field.code,
        "primaryKey": field.key,
        "dataType": _TYPES[field.type][0],
        "label": field.comment.partition(_REFERENCE)[0],
        # A yes/no field has a default, so it may be left out (since Profit 3: profit-wire 3.4).
        "mandatory": field.required and field.type != "boolean",
        "length": field.length,
        "decimals": field.decimals,
        "decimalFieldId": "",
        "notzero": False,
        "controlType": KEY_OR_LIST if field.key or values or _REFERENCE in field.comment else FREE_TEXT,
        "values": values,
    }


_OPENING = (
    '<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema"><xsd:simpleType name="AFASRowAction">'
    '<xsd:restriction base="xsd:string"><xsd:enumeration value="insert"/><xsd:enumeration value="update"/>'
    '<xsd:enumeration value="delete"/></xsd:restriction></xsd:simpleType>'
)
_ACTION = '<xsd:attribute name="Action" use="required" type="AFASRowAction"/>'


def update_schema(connector: str) -> str:
    """The XSD as the DataConnector gives it: one line, labels as comments (profit-wire 4.6); ``KeyError`` for none."""
    return f"{_OPENING}{_object_schema(_CONNECTORS[connector], '')}</xsd:schema>"


def _object_schema(part: _Object, occurs: str) -> str:
    plain = "".join(_comments(field) + _element(field) for field in part.fields if not field.key)
    keys = "".join(_comments(field) + _attribute(field) for field in part.fields if field.key)
    fields = _complex("Fields", ' minOccurs="0"', f"<xsd:sequence>{plain}</xsd:sequence>{_ACTION}")
    inner = "".join(_object_schema(each, ' minOccurs="0"') for each in part.objects)
    objects = _complex("Objects", ' minOccurs="0"', f"<xsd:sequence>{inner}</xsd:sequence>") if inner else ""
    content = f"<xsd:sequence>{fields}{objects}</xsd:sequence>{keys}"
    element = _complex("Element", ' maxOccurs="unbounded"', content)
    return _complex(part.name, occurs, f"<xsd:sequence>{element}</xsd:sequence>")


def _complex(name: str, occurs: str, content: str) -> str:
    return f'<xsd:element name="{name}"{occurs}><xsd:complexType>{content}</xsd:complexType></xsd:element>'


def _comments(field: _Field) -> str:
    values = "   ".join(f"{value}:{description}" for value, description in field.values)
    return f"<!--{field.comment}-->" + (f"<!--Values:  {values}-->" if values else "")


def _element(field: _Field) -> str:
    opening = f'<xsd:element name="{field.code}" minOccurs="0"'
    nillable = "" if field.required else ' nillable="true"'
    declared = _TYPES[field.type][1]
    if declared is not None:
        return f'{opening} type="xsd:{declared}"{nillable}/>'
    return f"{opening}{nillable}><xsd:simpleType>{_restriction(field)}</xsd:simpleType></xsd:element>"


def _restriction(field: _Field) -> str:
    if field.type == "decimal":
        facets = f'<xsd:totalDigits value="{field.length}"/><xsd:fractionDigits value="{field.decimals}"/>'
        return f'<xsd:restriction base="xsd:decimal">{facets}</xsd:restriction>'
    longest = f'<xsd:maxLength value="{field.length}"/>' if field.length else ""
    return f'<xsd:restriction base="xsd:string">{longest}<xsd:minLength value="1"/></xsd:restriction>'


def _attribute(field: _Field) -> str:
    return f'<xsd:attribute name="{field.code}" use="required" type="xsd:{_TYPES[field.type][1]}"/>'
