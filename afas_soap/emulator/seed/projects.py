"""Projects, their phases, and the hours worked on them."""

from __future__ import annotations

from afas_soap.emulator.seed import words
from afas_soap.emulator.seed.relations import bcco, debtor_of
from afas_soap.emulator.seed.table import Cells, Table, columns

PROJECTS = 60
_STAGES = ("Voorbereiding", "Uitvoering", "Nazorg")
_WORK = ("Inrichting webshop", "Beheer 2024", "Verbouwing kantoor", "Training gebruikers", "Migratie & conversie")
_HOURS = ("4.00000", "8.00000", "0.50000", "1.25000", "-2.00000", "7.75000")


def project_id(number: int) -> str:
    """The number of a project: 900001 and on (profit-wire 9.1)."""
    return str(900_001 + number)


def _project(number: int) -> Cells:
    debtor = debtor_of(number)
    ready = number % 4 == 3
    return (
        project_id(number),
        f"{_WORK[number % 5]} {words.CITIES[number % len(words.CITIES)][0]}",
        1 if number % 5 else 3,
        ("EXT", "INT", "ONDH")[number % 3],
        ready,
        bcco(int(debtor) - 10001),
        debtor if number % 3 != 1 else None,
        words.day(number),
        words.day(number, days=240) if ready else None,
        number % 3 != 1,
        words.moment(number),
        words.moment(number + 8) if number % 5 else None,
    )


PROJECT = Table(
    columns(
        "Profit_Projects",
        "Projects",
        """
        ProjectId     string15!  Projectnummer
        Description   string80   Projectomschrijving
        UnitId        int3!      Projectadministratie
        ProjectGroup  string15!  Project group
        CheckedOut    boolean    Completed
        BcCo          string15!  Organisatie/persoon
        DebtorId      string16!  Sales contact
        DateStart     date       Start date
        DateReady     date       Actual date completed
        Chargeable    boolean    Charge
        CreateDate    date       Created on
        ModifiedDate  date       Changed on
        """,
    ),
    PROJECTS,
    _project,
)


def _stage(number: int) -> Cells:
    project, stage = divmod(number, len(_STAGES))
    done = project % 4 == 3 or (stage == 0 and project % 2 == 0)
    return (
        project_id(project),
        f"{stage + 1:02d}",
        _STAGES[stage],
        stage + 1 if project % 3 == 0 else None,
        words.day(project, days=60 * (stage + 1)),
        words.day(project, days=60 * (stage + 1) + 3) if done else None,
        done,
        words.moment(project),
        words.moment(project + 1),
    )


PROJECT_STAGE = Table(
    columns(
        "Profit_Projectstage",
        "Project phases",
        """
        ProjectId      string15!  Project
        ProjectStage   string15!  Project phase
        Description    string50   Description
        InstalmentId   int        Invoice instalment
        DateReadyPlan  date       Planned completion date
        DateReady      date       Actual completion date
        CheckedOut     boolean    Ready
        CreateDate     date       Created on
        ModifiedDate   date       Changed on
        """,
    ),
    PROJECTS * len(_STAGES),
    _stage,
)


def _realization(number: int) -> Cells:
    date = words.day(number, step=3)
    return (
        5001 + number,
        int(date[:4]),
        int(date[5:7]),
        date,
        words.EMPLOYEES[number * 4 % len(words.EMPLOYEES)],
        project_id(number * 7 % PROJECTS),
        None if number % 4 == 1 else f"Gewerkt aan {_STAGES[number % 3].lower()}",
        "1",
        "VV" if number % 9 == 8 else "300",
        "UUR",
        _HOURS[number % len(_HOURS)],
        number % 9 != 8,
        number % 3 == 0,
        number % 2 == 0,
        words.moment(number) if number % 6 else None,
        words.moment(number),
    )


REALIZATION = Table(
    columns(
        "Profit_Realization",
        "Actual costing overview (incl. authorisation)",
        """
        Identity      int!         Line number
        Year          int4         Financial year
        PeriodId      int3         Period
        DateTime      date         Date
        EmployeeId    string15!    Employee
        ProjectId     string15!    Projectnummer
        Description   string255    Description
        ItemType      string20!    Type item
        ItemCodeId    string40!    Item code
        InitId        string15!    Unit
        QuantityUnit  decimal16.5  Number of units
        Chargeable    boolean      Charge
        Approved      boolean      Agreed
        Prepared      boolean      Finished
        DateModified  date         Last changed line
        SystemDate    date         Date created
        """,
    ),
    200,
    _realization,
)

TABLES = (PROJECT, PROJECT_STAGE, REALIZATION)
