"""A client that is none."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest


@pytest.fixture
def double(module_of: Callable[[str], ModuleType]) -> ModuleType:
    return module_of("dossier/double.py")


@pytest.fixture
def client(double: ModuleType) -> Any:
    return double.FakeClient()


@pytest.fixture
def ids(double: ModuleType) -> Callable[[int], str]:
    """The id of the file that is attached as the n-th."""
    given: Callable[[int], str] = double.file_id
    return given
