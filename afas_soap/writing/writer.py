"""Writes: an update is checked, rooted, put in order, and sent once."""

from __future__ import annotations

from collections.abc import Iterable

from afas_soap.calls import Calls, checked_name
from afas_soap.errors import Fate, Problem, SettingsError
from afas_soap.profit.connectors.capabilities import Outgoing
from afas_soap.profit.updates.receipt import Receipt
from afas_soap.profit.updates.update import Action, Element, Update, check_action
from afas_soap.profit.updates.updateplain import Plain, update_from_plain
from afas_soap.writing.checking import Checking, Writing

Records = Plain | Element | Iterable[Plain | Element]
"""One record or several, as plain data or as ``Element``."""


class Writer:
    """The writes of one client. ``accidental`` says that they would go to the embedded Profit, which nobody chose."""

    def __init__(self, calls: Calls, writing: Writing, *, accidental: bool) -> None:
        self._calls = calls
        self._writing = writing
        self._accidental = accidental

    def problems(self, update: Update, checking: Checking) -> tuple[Problem, ...]:
        """Everything that is wrong with ``update``, errors first."""
        with self._calls.explained("check", update.connector):
            return self._writing.problems(update, checking)

    def ready(self, update: Update, checking: Checking) -> Update:
        """``update`` as ``send`` would send it."""
        with self._calls.explained("check", update.connector):
            return self._writing.ready(update, checking)

    def approve(self, update: Update, checking: Checking) -> None:
        """Raise what ``ready`` raises."""
        with self._calls.explained("check", update.connector):
            self._writing.approve(update, checking)

    def arranged(self, update: Update, checking: Checking) -> Update:
        """``update``, which was approved before, as ``ready`` gives it."""
        with self._calls.explained("check", update.connector):
            return self._writing.arranged(update, checking)

    def sent_plain(
        self, connector: str, records: Records, *, action: Action, sub_object: str, checking: Checking
    ) -> Receipt:
        """``records`` made into an update, and sent."""
        update = update_from_plain(checked_name(connector), records, action=action, sub_object=sub_object)
        with self._calls.explained(action, connector, fate=Fate.NOT_SENT):
            check_action(update, action)
        return self.send(update, checking)

    def send(self, update: Update, checking: Checking) -> Receipt:
        """Send an update; nothing that is raised before the call was sent."""
        operation = str(update.action or "send")
        with self._calls.explained(operation, update.connector, fate=Fate.NOT_SENT):
            self.check_writable()
            connectors = self._calls.writes("send")
            wanted = self._writing.ready(update, checking)
        with self._calls.call(operation, update.connector, write=True):
            return connectors.send(wanted)

    def check_writable(self) -> None:
        """Raise ``SettingsError`` when updates would go to the embedded Profit by accident."""
        if self._accidental:
            raise SettingsError(
                "Nothing is configured, and an update is never booked in the embedded Profit by accident. Configure "
                "your environment, or ask for the embedded Profit by name: --emulator, profile emulator, or "
                "connect(embedded=True)."
            )

    def outgoing(self, update: Update, checking: Checking) -> Outgoing:
        """What ``send`` would send, with secrets masked."""
        with self._calls.explained("outgoing", update.connector):
            return self._calls.writes("outgoing").outgoing(self._writing.ready(update, checking))
