"""The SB beside the emulated Profit, out of the options of ``afas emulator``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from afas_soap.emulator.http.serve import Server
from afas_soap.emulator.sb.seed.administrations import TOGGLES
from afas_soap.emulator.sb.setup import SbSetup
from afas_soap.emulator.sb.signin.clients import DEMO_SB_CLIENT
from afas_soap.settings.kinds import header_name
from afas_soap.settings.secretfile import read_app_token


def set_up(options: Mapping[str, Any], token_file: Path | None) -> SbSetup:
    """How SB is set up. Who has closed the emulator with a token of his own does not leave SB open to what everybody
    knows: without an app token of his own there is none."""
    app_token_file = options["sb_app_token_file"]
    told: dict[str, Any] = {}
    header = options["sb_chunk_header"]
    if app_token_file is not None:
        told = {"app_tokens": (read_app_token(app_token_file),), "clients": ()}
    elif token_file is not None:
        told = {"app_tokens": (), "clients": (), "environments": {}}
    return SbSetup(
        dialect=options["sb_dialect"],
        memory_seconds=options["sb_memory"],
        repeat_seconds=options["sb_repeat"],
        features_off=tuple(map(_feature, options["sb_off"])),
        chunk_header=None if header is None else header_name("--sb-chunk-header", header),
        **told,
    )


def tell(setup: SbSetup, server: Server) -> None:
    """Where SB is, and who may sign in that everybody knows."""
    for environment in setup.environments:
        click.echo(f"SB {server.sb_url(environment)}")
    if DEMO_SB_CLIENT in setup.clients:
        click.echo(f"afas: OAuth clients of SB: {DEMO_SB_CLIENT.id}", err=True)


def _feature(name: str) -> str:
    for feature in TOGGLES:
        if feature.lower() == name.lower():
            return feature
    raise click.UsageError(f"--sb-off {name}: there is no such feature; there are {', '.join(TOGGLES)}.")
