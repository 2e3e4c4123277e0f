"""Lazy import: what a command does is loaded when it is called, so that its help, its options and completion start at
once."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from typing import Any


def done_by(module: str, name: str = "run") -> Callable[[Callable[..., None]], Callable[..., Any]]:
    """The callback of a command that is declared here and done by a function of ``module``, which takes its arguments
    and options by their names. What is decorated says how it looks, and is never called."""

    def declared(command: Callable[..., None]) -> Callable[..., Any]:
        @functools.wraps(command)
        def call(**options: Any) -> Any:
            return getattr(importlib.import_module(module), name)(**options)

        call.__dict__["work"] = (module, name)
        return call

    return declared
