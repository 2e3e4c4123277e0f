"""Error responses of OAuth: how the authorization server says no, with an error code and what goes with it."""

from __future__ import annotations

from collections.abc import Mapping


class OAuthRefused(Exception):  # noqa: N818 - it is the server's answer, not an error of ours
    """A refusal on its way to the answer. Neither text ever repeats what a request held."""

    def __init__(
        self,
        error: str,
        description: str | None = None,
        *,
        status: int = 400,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(error)
        self.error = error
        self.description = description
        self.status = status
        self.headers = dict(headers or {})

    def document(self) -> dict[str, str]:
        """The error as JSON or as parameters; ``error_description`` is left out when there is none."""
        described = {} if self.description is None else {"error_description": self.description}
        return {"error": self.error, **described}


class ReplayStoreDown(Exception):  # noqa: N818 - as above
    """What was seen before cannot be told now: 503, and not 401 (authentication.md)."""
