"""How one rating came about, in the terminal or as JSON."""

from __future__ import annotations

from typing import Any

from sendkpi_xl.explain import Explanation
from sendkpi_xl.screen import Listing, Screen


def print_explanation(screen: Screen, explanation: Explanation) -> None:
    """The steps from the typed cell to the letter, one below the other."""
    kpi = explanation.kpi
    ref = f"board ref {kpi.board_ref}" if kpi.board_ref else f"list ref {kpi.ref}"
    title = f"{kpi.id}, {ref}: {kpi.shown_title}. {explanation.period.label}"
    rows = tuple((step.about, step.says) for step in explanation.steps)
    screen.show(Listing(title, ("Step", "What is so"), rows, lines=True))


def explanation_facts(explanation: Explanation) -> dict[str, Any]:
    """The steps as plain dictionaries."""
    kpi = explanation.kpi
    return {
        "kpi": kpi.id,
        "board_ref": kpi.board_ref,
        "title": kpi.shown_title,
        "period": explanation.period.code,
        "steps": [{"about": step.about, "says": step.says} for step in explanation.steps],
    }
