"""How the docs are built: offline, with every code cell run."""

from __future__ import annotations

import sys
from pathlib import Path

import netlink

sys.path.insert(0, str(Path(__file__).with_name("_ext")))

project = "netlink"
author = "The netlink contributors"
copyright = "2026, the netlink contributors"
version = release = netlink.__version__

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "myst_nb",
    "vocabulary_tables",
    "example_report",
]
exclude_patterns = ["_build", "_ext"]
templates_path = ["_templates"]
default_role = "py:obj"  # `name` in a docstring is a link where there is such a name
html_static_path = ["_static"]
html_css_files = ["netlink.css"]

# The pages run as a reader would run them; what fails stops the build.
nb_execution_mode = "force"
nb_execution_in_temp = True
nb_execution_raise_on_error = True
nb_execution_timeout = 300
nb_output_stderr = "warn"  # a page that warns its reader is mended, not shown
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3

autosummary_generate = True
autosummary_ignore_module_all = False  # a module's page lists what its __all__ lists
toc_object_entries_show_parents = "hide"
autodoc_typehints = "none"  # the docstrings say the types
autodoc_default_options = {"member-order": "bysource"}
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False

html_theme = "pydata_sphinx_theme"
html_title = f"netlink {version}"
html_show_sourcelink = False
html_theme_options = {
    "navbar_end": ["theme-switcher"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "show_prev_next": True,
    "show_toc_level": 2,  # methods of a class stand in the margin
}
