"""A parameter type (click): the path of a file that is to be written, or of a folder that is there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from afas_soap.errors import SettingsError


class Target(click.Path):
    """A path as it is, or ``-`` where ``allow_dash``. None without a name, and no folder, by its slash, that is not
    there: ``Path`` would make this folder of the one, and a file of the other."""

    def __init__(self, *, allow_dash: bool = True) -> None:
        super().__init__(path_type=Path, readable=False, allow_dash=allow_dash)

    def convert(self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Refused before anything is asked."""
        # Loaded for whoever writes a file.
        from afas_soap.disk import target_of

        refused = ""
        try:
            target_of(os.fspath(value))
        except SettingsError as error:
            refused = error.message
        if refused:
            self.fail(refused, param, ctx)
        return super().convert(value, param, ctx)
