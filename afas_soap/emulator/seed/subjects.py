"""Dossier items, as the two standard GetConnectors show them: the same items under other column names."""

from __future__ import annotations

from afas_soap.emulator.seed import words
from afas_soap.emulator.seed.projects import PROJECTS, project_id
from afas_soap.emulator.seed.relations import DEBTORS, bcco
from afas_soap.emulator.seed.table import Cells, Table, columns

_SUBJECTS = ("Offerte besproken", "Klacht over levering", "Belafspraak", "Contract verlengd", "Vraag over factuur")
# What people and mail programs leave in a memo.
_COMMENTS = (
    "Gebeld met de inkoper: akkoord.",
    None,
    "Regel één\r\nRegel twee\r\n\r\nMet vriendelijke groet,\r\nJansen & Zonen",
    "<p>Zie <b>bijlage</b> &amp; agenda</p>",
    "Prijs\t12,50\tper stuk ☕",
    None,
)
_FIRST_TYPE, _FIRST_ITEM = 3, 25_001
_RESPONSIBLE = ("12345.jansen", "12345.visser", "12345.floora")


def _party(number: int) -> int:
    return number * 11 % DEBTORS


def _features(number: int) -> tuple[int | None, int | None, int | None]:
    return (number % 4 + 1 if number % 2 else None, number % 3 + 1 if number % 6 == 5 else None, None)


def _subject(number: int) -> Cells:
    closed = number % 3 == 2
    project = number % 5 == 4
    return (
        _FIRST_TYPE + number % 4,
        _FIRST_ITEM + number,
        words.moment(number),
        f"{_SUBJECTS[number % 5]} {number + 1}",
        _COMMENTS[number % len(_COMMENTS)],
        ("Open", "In behandeling", "Afgehandeld")[number % 3],
        number // 4 + 1,
        *_features(number),
        bcco(_party(number)),
        None,
        False,
        not project,
        False,
        True,
        False,
        False,
        project_id(number % PROJECTS) if project else None,
        None,
        _FIRST_ITEM + number - 1 if number % 10 == 9 else None,
        _RESPONSIBLE[number % 3],
        words.day(number) if number % 2 else None,
        words.day(number, days=7) if number % 2 else None,
        closed,
        words.day(number, days=5) if closed else None,
        ("TEL", "MAIL", None)[number % 3],
        None if number % 4 else "BEL",
        "HNL"[number % 3],
        "Beoordelen" if not closed else None,
        None if not closed else words.moment(number + 2),
    )


SUBJECT = Table(
    columns(
        "Profit_Subjects",
        "WordConnect_Dossieritems",
        """
        TypeId             int!       DossierType
        SubjectId          int!       DossierId
        DateCreated        date       Submission date
        Subject            string255  Subject
        Comment            blob       Comment
        Status             string20!  Codetabelwaarde
        Number             int        Number
        FeV1               int!       Feature value 1
        FeV2               int!       Feature value 2
        FeV3               int!       Feature value 3
        OrgPersId          string15!  OrgPersId
        ContactNr          int!       ContactId
        ToEmployer         boolean    ToWerkgever
        ToDebtor           boolean    ToVerkooprelatie
        ToCreditor         boolean    ToInkooprelatie
        ToOrgPers          boolean    ToOrgPers
        ToEmployee         boolean    ToMedewerker
        ToApplicant        boolean    ToSollicitant
        Project            string15!  Project
        Campagne           int!       Campaign
        Source             int!       Cause
        Responsible        string80!  Resp. person
        StartDate          date       Start date
        EndDate            date       End date
        Afgehandeld        boolean    Completed
        Datum_afgehandeld  date       Date completed
        Bron               string5!   Source
        Type_actie         string5!   Action type
        Prioriteit         string20!  Prioriteit
        WFstatus           string80   Workflow status
        WFClosed           date       Workflow completed
        """,
    ),
    120,
    _subject,
)


def _subject_short(number: int) -> Cells:
    whole = _subject(number)
    # The first ten columns of both are the same, but for the numbering.
    return (*whole[:10], 40_001 + _party(number), bcco(_party(number)), False)


PROFIT_SUBJECT = Table(
    columns(
        "ProfitSubjects",
        "File items (without authorisation)",
        """
        SbTy  int!       Dossier item type
        SbId  int!       Dossier item
        DaSe  date       Submission date
        Ds    string255  Subject
        Memo  blob       Comment
        Stat  string20!  Codetabelwaarde
        DoId  int        Number
        FeV1  int!       Feature value 1
        FeV2  int!       Feature value 2
        FeV3  int!       Feature value 3
        BcId  int!       Organisation/person
        BcCd  string15!  Number
        ToEr  boolean    Employer
        """,
    ),
    120,
    _subject_short,
)

TABLES = (SUBJECT, PROFIT_SUBJECT)
