"""The door: every public name is there, at run time and for type checkers, and the version is the one everywhere."""

from __future__ import annotations

import ast
import importlib.metadata
import re
from pathlib import Path

import pytest

import afas_soap

PACKAGE = Path(afas_soap.__file__).parent
ROOT = Path(__file__).resolve().parent.parent
PUBLIC = [
    "AccessDenied",
    "Action",
    "AfasError",
    "AfasToken",
    "AnswerError",
    "Attachment",
    "Busy",
    "Catalogue",
    "Checking",
    "CutOff",
    "Document",
    "Element",
    "Environment",
    "F",
    "Fate",
    "Field",
    "Fields",
    "Kind",
    "NotFound",
    "NotOffered",
    "Part",
    "Problem",
    "ProfitClient",
    "ProfitError",
    "QueryError",
    "Receipt",
    "Rows",
    "SBClient",
    "SBError",
    "Settings",
    "SettingsError",
    "SignInError",
    "Size",
    "TransportError",
    "Uncertain",
    "Update",
    "UpdateError",
    "UpdateSchema",
    "Weight",
    "schema_from_xsd",
    "update_from_json",
    "update_from_plain",
    "update_from_xml",
    "update_to_json",
    "update_to_xml",
]


def stub() -> ast.Module:
    return ast.parse((PACKAGE / "__init__.pyi").read_text("utf-8"))


def test_the_public_names_are_these_and_sorted() -> None:
    assert afas_soap.__all__ == PUBLIC
    assert set(PUBLIC) <= set(dir(afas_soap))


@pytest.mark.parametrize("name", PUBLIC)
def test_every_name_comes_through_the_door_and_is_the_one_of_its_module(name: str) -> None:
    module = importlib.import_module(f"afas_soap.{afas_soap._DOOR[name]}")
    assert getattr(afas_soap, name) is getattr(module, name)
    assert vars(afas_soap)[name] is getattr(module, name), "found once, it is looked up no more"


def test_a_name_that_does_not_exist_is_an_attribute_error_that_names_it() -> None:
    with pytest.raises(AttributeError, match="module 'afas_soap' has no attribute 'ProfitClinet'"):
        afas_soap.ProfitClinet  # noqa: B018 - the look-up is the test


def test_the_stub_re_exports_each_name_from_the_module_in_the_table() -> None:
    found = {}
    for node in stub().body:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                assert alias.asname == alias.name, "only 'X as X' is re-exported"
                found[alias.name] = node.module
    assert found == {name: f"afas_soap.{module}" for name, module in afas_soap._DOOR.items()}


def test_the_stub_lists_the_public_names_and_the_version() -> None:
    assigned = {ast.unparse(node.targets[0]): node.value for node in stub().body if isinstance(node, ast.Assign)}
    assert ast.literal_eval(assigned["__all__"]) == PUBLIC
    annotated = {
        ast.unparse(node.target): ast.unparse(node.annotation)
        for node in stub().body
        if isinstance(node, ast.AnnAssign)
    }
    assert annotated == {"__version__": "str"}


def test_type_checkers_find_the_package_typed() -> None:
    assert (PACKAGE / "py.typed").is_file()


def test_the_version_is_the_top_one_of_the_changelog_and_of_the_installed_package() -> None:
    versions = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert versions[0] == afas_soap.__version__ == importlib.metadata.version("afas-soap")
