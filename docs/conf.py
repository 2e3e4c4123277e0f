"""How the documentation is built: Markdown, the API out of the docstrings, the command line out of its own help."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from generate import generate

from afas_soap import __version__

project = "afas-soap"
author = "The afas-soap developers"
project_copyright = "2026, " + author
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx_click"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "afas-soap"
# Not --key as an en dash in the help of a command.
smartquotes = False
nitpicky = False
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "signature"

generate(Path(__file__).parent / "reference" / "generated")
