"""OAuth 2.0 error responses of SB: ``error`` and ``error_description``."""

from __future__ import annotations

from werkzeug import Response

from afas_soap.emulator.sb.answers import answered, spelt


class SignInRefusedError(Exception):
    """A request for a token that is refused, as RFC 6749 has it; SB's own words are known for one case only."""

    def __init__(self, error: str, description: str = "", status: int = 400) -> None:
        super().__init__(error)
        self.error = error
        self.description = description
        self.status = status

    def document(self) -> dict[str, str]:
        """The members, the description only where there is one."""
        described = {"error_description": self.description} if self.description else {}
        return {"error": self.error, **described}

    def answer(self) -> Response:
        """As JSON, which nobody keeps."""
        return told(self.document(), self.status)


def told(document: object, status: int = 200) -> Response:
    """An answer about tokens, which nobody keeps."""
    answer = answered(spelt(document), status)
    answer.headers["Cache-Control"] = "no-store"
    return answer
