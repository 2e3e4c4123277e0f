"""Sentences after which nobody knows whether the work was done, and those that only look so."""

from __future__ import annotations

import pytest

from afas_soap.gaveup import gave_up


@pytest.mark.parametrize(
    "text",
    [
        "Command timeout expired.",
        "The maximum duration for performing the assignment has been exceeded.",
        "General message: De maximale tijdsduur voor het uitvoeren van de opdracht is verstreken.",
        "Thread was being aborted.",
        "Thread werd afgebroken.",
        "De thread is afgebroken.",
        "Request timed out.",
        "Time-out van de aanvraag.",
        "Er is een time-out opgetreden voor de aanvraag.",
        "The operation has timed out.",
        "Time-out van bewerking.",
        "Execution Timeout Expired.  The timeout period elapsed prior to completion of the operation.",
        "Timeout expired.  The timeout period elapsed prior to obtaining a connection from the pool.",
        "Time-out verstreken. De time-outperiode is verstreken voordat de bewerking is voltooid.",
        "Lock request time out period exceeded.",
        "The wait operation timed out",
        "Transaction (Process ID 64) was deadlocked on lock resources with another process and has been chosen as the "
        "deadlock victim. Rerun the transaction.",
        "De transactie (proces-id 64) is gekozen als slachtoffer van de deadlock.",
        "The transaction has aborted.",
        "De transactie is afgebroken.",
        "A task was canceled.",
        "Een taak is geannuleerd.",
        "The operation was cancelled.",
        "Operation cancelled by user.",
        "The request was aborted: The request was canceled.",
        "A severe error occurred on the current command.  The results, if any, should be discarded.",
        "Er is een ernstige fout opgetreden bij de huidige opdracht. Eventuele resultaten moeten worden genegeerd.",
        "A transport-level error has occurred when receiving results from the server.",
        "Er is een fout op transportniveau opgetreden tijdens het ontvangen van resultaten van de server.",
        "An existing connection was forcibly closed by the remote host.",
        "Een bestaande verbinding is gedwongen gesloten door de externe host.",
        "The underlying connection was closed: A connection was closed by the server.",
        "The connection is broken and recovery is not possible.",
        "Exception of type 'System.Threading.ThreadAbortException' was thrown.",
        "System.Data.SqlClient.SqlException (0x80131904): iets",
        "The HTTP request exceeded the allotted timeout.",
        "Foto's van 'De Vries': de timeout is 's nachts bereikt",
        "The maximum duration has been exceeded.",
        "De maximale tijdsduur is verstreken.",
        "Time limit exceeded.",
        "Bewerking geannuleerd door gebruiker.",
        "De bewerking is door de gebruiker geannuleerd.",
        "Er is een taak geannuleerd.",
        "Transactie afgebroken.",
        "De verbinding is onverwacht verbroken.",
        "The transaction is in doubt.",
        "This SqlTransaction has completed; it is no longer usable.",
        "Deze SqlTransaction is voltooid en kan niet meer worden gebruikt.",
        "Cannot continue the execution because the session is in the kill state.",
        "SHUTDOWN is in progress.",
        "Unable to read data from the transport connection: The connection was closed.",
        "The connection was closed unexpectedly.",
        "Connection reset by peer",
        "Een bestaande verbinding is geforceerd gesloten door de externe host.",
    ],
)
def test_somebody_gave_up(text: str) -> None:
    assert gave_up(text)
    assert gave_up(text.upper())


@pytest.mark.parametrize(
    "text",
    [
        "(AntaObject) There is no value entered in mandatory field 'Means of transport' (Trpt)",
        "There is no value entered in mandatory field 'Time-out'",
        "The entered value for 'Deadlock' does not exist.",
        'Geen waarde ingevuld in verplicht veld "Timeout".',
        "There is no value entered in mandatory field 'Request timed out'",
        "The entered value for 'Time-out in minutes of the machine' does not exist.",
        "De ingevoerde waarde voor 'Time-out na hoeveel minuten' bestaat niet.",
        'Geen waarde ingevuld in verplicht veld "Was er een deadlock".',
        "De maximale duur van het verlof is overschreden.",
        "De verlofaanvraag is geannuleerd.",
        "The session for the course event is full.",
        "De termijn is verstreken.",
        "Het contract is verlopen.",
        "De order is geannuleerd.",
        "Deze transactiecode bestaat niet.",
        "The journal is locked by another user.",
        "Dagboek 20 is vergrendeld door gebruiker 12345.jansen.",
        "Type mismatch",
        "Out of memory",
        "An unexpected error has occurred.",
        "General message: Deze UpdateConnector wordt niet ondersteund of de gebruiker is niet geautoriseerd.",
        "For this administration, period 8 of the year 2024 is blocked.",
        "",
    ],
)
def test_a_refusal_is_none(text: str) -> None:
    assert not gave_up(text)
