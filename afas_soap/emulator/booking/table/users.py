"""Users, and members of courses (profit-wire 9.2, 11, 13)."""

from __future__ import annotations

from afas_soap.emulator.booking.definition import Definition
from afas_soap.emulator.booking.table.notation import shape
from afas_soap.profit.updates.update import Action

USERS = (
    Definition(
        "KnUser",
        "Gebruiker",
        shape(
            "KnUser",
            """
            MtCd     string*     Geef met de mutatiecode aan hoe de gebruiker gemuteerd moet worden  0:Gebruiker blokkeren en verwijderen van alle groepen behalve Iedereen   1:Gebruiker toegevoegen/bijwerken en Groep moet bestaan   2:Gebruiker blokkeren en verwijderen bij de groepen   3:Groep wordt aangemaakt als deze niet bestaat   4:Gebruiker code wordt aangepast   5:Wijzig wachtwoord   6:Gebruiker deblokkeren
            GrId     string20    Groep
            GrDs     string50    Groep omschrijving
            BcCo     string15    Persoon code
            UsIdNew  string80    Nieuwe gebruikerscode
            UsId     string80+*  Gebruiker
            Nm       string80*   Omschrijving
            Awin     boolean     Profit Windows
            Site     boolean     OutSite
            EmAd     string255   E-mail
            XOEA     string255   Afwijkend e-mailadres
            InSi     boolean     InSite
            Upn      string255   UPN
            InLn     string20    Voorkeur site (verwijzing naar: Tabelwaarde,Voorkeur site => AfasKnCodeTableValue)  1031:Duitse site   1036:Franse site   1043:Nederlandse site   2057:Engelse site   2067:Vlaamse site
            CAId     string255   OAuth-id
            CANm     string255   OAuth-account
            OcUs     boolean     Meewerklicentie activeren
            PoMa     boolean     Beheerder AFAS Online Portal
            AcUs     boolean     AFAS Accept
            """,  # noqa: E501
        ),
        keys=("UsId",),
        verbs=frozenset({Action.INSERT, Action.UPDATE}),
    ),
    Definition(
        "KnCourseMember",
        "Cursusdeelnemer",
        # BcCo and CuId are never empty, and AFAS' own inserts leave the currency out.
        shape(
            "KnCourseMember",
            """
            CrId  int!          Cursusevenement (verwijzing naar: Evenement => AfasKnCourseEvent)
            CdId  int!          Deelnemer (verwijzing naar: Contact => AfasKnContactData)
            BcCo  string15~     BasicContactCode (verwijzing naar: Organisatie/Persoon => AfasKnBasicContact)
            DeId  string16      Debiteur (verwijzing naar: Verkooprelatie => AfasKnSalRelation)
            SuDa  date*         Inschrijfdatum
            DfPr  decimal26.10  Afwijkende prijs basisvaluta
            DiPc  decimal6.2    Kortingspercentage
            Invo  boolean*      Factureren
            Rm    string        Opmerking
            CuId  string3~      Valuta (verwijzing naar: Valuta => AfasKnCurrency)
            NFPr  decimal26.10  Afwijkende prijs
            RfCs  string100     Opdrachtnummer/referentie
            Bl    boolean       Geblokkeerd
            """,
        ),
        keys=("CrId", "CdId"),
    ),
)
"""The connectors of users and members."""
