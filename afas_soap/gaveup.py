"""Sentences that say that somebody gave up waiting, or broke the work off, and so nothing about whether it was done.

AFAS' own two about the maximum duration, after which the work may go on (profit-wire 2.6), and those that .NET, ASP.NET
and SQL Server are known for: time-out, abort, deadlock, a connection that broke. They reach a client through Profit's
own fault or error body, in English, or in the Dutch of .NET's language pack.

What stands in quotation marks is a name out of the data ("mandatory field 'Time-out'") and does not count.
"""

from __future__ import annotations

import re

# Compiled by re when an answer is looked at, and kept there: errors are imported by everybody.
_QUOTED = r"(?P<of>\b(?:field|value|value for|veld|waarde|waarde voor) )?(?<!\w)(?:'[^']*'|\"[^\"]*\")(?!\w)"
# A name has a word or two, and more behind "field" or "value"; a sentence may be quoted as well, and counts.
_NAME = 2
_EXCEPTION = r"\b(System|Microsoft)\.[\w.]*(Timeout|Abort|Cancel|SqlException|Transaction)\w*"
_SENTENCES = "|".join(
    (
        # AFAS' own.
        r"maximum duration (for|has been|was|is|exceeded)\b",
        r"maximale tijdsduur (voor|is|werd|overschreden)\b",
        # .NET, ADO.NET and SQL Server: every time-out, of a command, a lock, a connection, a wait or a request.
        r"time-?out(?!side)",
        r"\btime out\b",
        r"\btimed[ -]out",
        r"\bexceeded the (time|allotted)",
        r"\btime limit\b",
        r"\btijdslimiet\b",
        # Threads, tasks and requests that were broken off.
        r"\bthread\b.*\b(abort\w*|interrupted|afgebroken|onderbroken|beëindigd)",
        r"\b(request|operation|task|transaction|connection) (was|has|is|been|has been|was being) ?"
        r"(been |being )?(abort\w*|cancel+ed|terminated|interrupted|reset)",
        r"\b(aanvraag|bewerking|taak|transactie|verbinding|verzoek) ((is|was|werd) )?"
        r"((door (de )?gebruiker|onverwacht) )?(afgebroken|geannuleerd|beëindigd|onderbroken|verbroken)",
        r"\boperation cancel+ed by user",
        r"\b(transaction|request|operation|command|query|execution)\b.*\babort(ed|ing)\b",
        # What a transaction leaves behind that nobody ended.
        r"\btransaction is in doubt",
        r"\btransactie is onzeker",
        r"\bSqlTransaction (has|is)\b",
        # SQL Server chose a victim, lost its client, or went down.
        r"\bdeadlock",
        r"\bimpasse\b",
        r"\bsevere error occurred on the current command",
        r"\bernstige fout (is )?opgetreden (bij|in|tijdens) de huidige opdracht",
        r"\btransport-?\s?level error",
        r"\b(fout op transportniveau|transportniveaufout)",
        r"\b(session|sessie) .*\bkill\b",
        r"\bshutdown is in progress",
        # A connection that broke below Profit.
        r"\bforcibly closed\b",
        r"\b(gedwongen|geforceerd) (gesloten|verbroken|afgesloten)\b",
        r"\bconnection (was|has been|is) (unexpectedly )?(closed|lost|broken)\b",
        r"\bconnection reset\b",
        r"\btransport connection\b",
        r"\btransportverbinding\b",
        r"\bunderlying connection was closed",
        r"\bonderliggende verbinding (is|was|werd) (gesloten|verbroken)",
        r"\bconnection is broken and recovery is not possible",
    )
)


def gave_up(text: str) -> bool:
    """Whether ``text`` says that somebody stopped waiting or broke the work off: whether it was done is not known."""
    told = re.sub(_QUOTED, lambda quoted: "''" if _is_name(quoted) else quoted[0], text, flags=re.IGNORECASE)
    return any(re.search(said, where, re.IGNORECASE) for said, where in ((_EXCEPTION, text), (_SENTENCES, told)))


def _is_name(quoted: re.Match[str]) -> bool:
    return quoted["of"] is not None or len(quoted[0].split()) <= _NAME
