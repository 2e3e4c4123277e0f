"""Employees. AFAS' own column list of Profit_Employees is not public: these are the columns that are known."""

from __future__ import annotations

from afas_soap.emulator.seed import words
from afas_soap.emulator.seed.table import Cells, Table, columns


def _employee_id(number: int) -> str:
    """Free text: names, numbers, and numbers padded with zeros (profit-wire 9.1 and 9.3)."""
    return words.EMPLOYEES[number] if number < len(words.EMPLOYEES) else f"{1_000 + number:09d}"


def _employee(number: int) -> Cells:
    left = number % 7 == 6
    name = words.first_name(number)
    return (
        _employee_id(number),
        words.day(number * 9),
        words.day(number * 9, days=700) if left else None,
        name,
        words.surname(number),
        words.birthday(number),
        "MVOX"[number % 4],
        # 9999 begins the numbers that are kept free for tests.
        f"9999{number + 10**4:05d}" if number % 5 != 4 else None,
        f"{_employee_id(number).lower()}@voorbeeld-handel.example",
        words.mobile(number) if number % 3 else None,
        words.telephone(number),
        f"prive{number}@post.example" if number % 2 else None,
    )


EMPLOYEE = Table(
    columns(
        "Profit_Employees",
        # The column names come from samples (profit-wire 9.3), their order and types are ours.
        "Employees (partial: the full column list is not public)",
        """
        EmployeeId                string15!  Employee
        EmploymentStart           date       Employment start
        EmploymentEndDate         date       Employment end date
        FirstName                 string50   First name
        BirthName                 string80   Surname at birth
        DateOfBirth               date       Date of birth
        Gender                    string20!  Gender
        BSN                       string25   BSN
        Mail                      string255  Work e-mail
        Mobile                    string255  Work mobile no.
        Phone                     string255  Work phone no.
        EmailForDigitalDocuments  string255  E-mail for digital documents
        """,
    ),
    32,
    _employee,
)

TABLES = (EMPLOYEE,)
