"""The documentation says what the code does: pages made from code are current, links and commands work."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from sendkpi_xl.cli import cli
from tests.fill_returns import ROOT
from tests.make_docs import PAGES

TEXTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)#]+)[^)]*\)")


@pytest.mark.parametrize(("name", "page"), PAGES.items())
def test_pages_made_from_code_are_current(name: str, page: Callable[[], str]) -> None:
    """A page made from code is what `python -m tests.make_docs` writes today."""
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.name)
def test_links_lead_somewhere(text: Path) -> None:
    """Every relative link and picture of a page is a file of the repository."""
    targets = [target for target in LINK.findall(text.read_text(encoding="utf-8")) if "://" not in target]
    assert [target for target in targets if not (text.parent / target).exists()] == []


def test_the_readme_names_every_command() -> None:
    """The README mentions each command of the command line, and none that does not exist."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`sendkpi ([a-z]+)", readme)) == set(cli.commands)


def test_the_readme_explains_every_dependency() -> None:
    """Each package that the project installs, for use or for tests, has its line in the README, and no other has."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    installed = set(re.findall(r'^    "([a-z-]+)>=', project, re.MULTILINE))
    section = (ROOT / "README.md").read_text(encoding="utf-8").split("## Dependencies")[1]
    rows = re.findall(r"^\| ([a-z][a-z, -]+) \| ", section, re.MULTILINE)
    explained = {name.strip() for row in rows for name in row.split(",")} - {"package"}
    assert installed - {"pandas-stubs", "types-openpyxl"} == explained


def test_contributing_names_every_module() -> None:
    """The map of layers in CONTRIBUTING.md lists exactly the package's modules."""
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    shape = contributing.split("## Shape")[1].split("- A column")[0]
    named = set(re.findall(r"`([a-z_]+)/?`", shape)) - {"sendkpi_xl"}
    package = ROOT / "sendkpi_xl"
    modules = {path.stem for path in package.glob("*.py") if not path.stem.startswith("_")}
    assert named == modules | {"audit", "layout", "checks"}


def test_imports_only_point_down() -> None:
    """In the map of layers of CONTRIBUTING.md no module imports one of a layer above its own."""
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    shape = contributing.split("## Shape")[1].split("- A column")[0]
    layers = [re.findall(r"`([a-z_]+)/?`", row) for row in shape.splitlines() if row.startswith("| ") and "`" in row]
    level = {module: number for number, modules in enumerate(layers) for module in modules}
    upward = []
    for module, own in level.items():
        folder = ROOT / "sendkpi_xl" / module
        sources = sorted(folder.glob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]
        for source in sources:
            imported = set(re.findall(r"from sendkpi_xl\.([a-z_]+)", source.read_text(encoding="utf-8")))
            upward += [f"{module} -> {name}" for name in imported if level[name] < own]
    assert upward == []


def test_the_repository_speaks_of_no_machine() -> None:
    """No tracked text names a path of a machine that the product was made on."""
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    texts = [ROOT / name for name in tracked if name.endswith((".py", ".md", ".toml", ".txt", "run"))]
    homes = re.compile("/" + "(work|home|root|Users)/")
    assert [path.name for path in texts if path.exists() and homes.search(path.read_text(encoding="utf-8"))] == []
