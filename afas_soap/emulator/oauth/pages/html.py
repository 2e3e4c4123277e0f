"""The HTML of the login page: plain, without scripts, so that any browser shows it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from werkzeug import Response

from afas_soap.emulator.http.answers import HTML, rest_answer

SIGN_IN, CANCEL, FAIL = "sign-in", "cancel", "fail"
"""What the buttons of the login page say to the server."""


def login(client_id: str, parameters: Mapping[str, str], *, what: str = "this Profit") -> Response:
    """The login page of ``what``; ``parameters`` come back with it."""
    hidden = "\n".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in parameters.items()
    )
    return _page(
        200,
        "Sign in",
        f"""<p>The application <b>{escape(client_id)}</b> wants to use {escape(what)} for you.
It is an emulator: its data is invented, and any user will do.</p>
<form method="post">
{hidden}
<p><label>User <input name="user" value="12345.user" autocomplete="off"></label></p>
<p><button id="sign-in" name="do" value="{SIGN_IN}">Sign in</button>
<button id="cancel" name="do" value="{CANCEL}">Cancel</button>
<button id="fail" name="do" value="{FAIL}">Let it fail</button></p>
</form>""",
    )


def refused(reason: str) -> Response:
    """A page for who cannot be sent back, because where to is not proven."""
    return _page(400, "Sign in is not possible", f"<p>{escape(reason)}</p>")


def _page(status: int, title: str, body: str) -> Response:
    text = (
        f'<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{title}</title></head>\n'
        f"<body>\n<h1>{title}</h1>\n{body}\n</body>\n</html>\n"
    )
    return private(rest_answer(text.encode(), status=status, content_type=HTML))


def private(answer: Response) -> Response:
    """The same answer, which nobody keeps, and whose address is told to nobody."""
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    # No form-action: a browser would apply it to the redirect behind the form as well.
    answer.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"
    return answer
