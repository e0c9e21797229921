"""The published list's columns, and the catalogue workbook's sheets."""

from __future__ import annotations

from enum import StrEnum

from sendkpi_xl.layout.columns import Column, Holds, Table, choice_column
from sendkpi_xl.model import Life, Measure, Polarity, Profile, Sign, Unit

CATALOGUE_IDENTITY = "sendkpi KPI catalogue"


class YesNo(StrEnum):
    """The answers of a yes-or-no column."""

    YES = "yes"
    NO = "no"


PUBLISHED_LIST = Table(
    "KPI list",
    "KpiList",
    (
        Column("ref", "Ref", 8, aliases=("No.", "No", "Number", "#", "Reference", "KPI ref", "KPI no.", "ID")),
        Column(
            "workstream",
            "Responsible Area / Workstream",
            30,
            aliases=("Workstream", "Responsible area", "Area", "Owner", "Lead", "Responsible", "Service"),
        ),
        Column("sub_area", "Sub-area", 30, aliases=("Theme", "Sub area", "Topic", "Priority", "Category", "Strand")),
        Column(
            "title",
            "Key Performance Indicator",
            80,
            aliases=("KPI", "Measure", "Indicator", "Title", "Performance indicator", "Description", "KPI title"),
        ),
    ),
)

CATALOGUE_KPIS = Table(
    "KPIs",
    "Kpis",
    (
        Column("id", "KPI id", 8, help="The tool's own name for this KPI. It never changes and is never used again."),
        Column("ref", "List ref", 8, help="The KPI's number in the published list; empty when it is not in the list."),
        Column("workstream", "Workstream", 24, help="Who returns it: a name from the sheet Workstreams."),
        Column("sub_area", "Sub-area", 20),
        Column("title", "Title in the list", 60),
        choice_column("unit", "Unit", 11, Unit),
        Column("decimals", "Decimals", 9, Holds.WHOLE, help="How many decimals are shown, and so rated."),
        choice_column("polarity", "Polarity", 16, Polarity),
        choice_column("profile", "Profile", 13, Profile),
        choice_column("share", "Numerator and denominator", 13, YesNo),
        choice_column("survey", "Survey", 8, YesNo),
        choice_column("life", "Life", 10, Life),
        Column("board_ref", "Board ref", 8),
        Column("board_title", "Title on the board's dataset", 60, help="Only where it differs from the list's."),
        Column("section", "Board section", 30, help="A name from the sheet Sections."),
        Column("smallest_sample", "Smallest sample", 10, Holds.WHOLE, help="Under this number of answers: amber."),
        Column("green_within", "Green within", 10, Holds.NUMBER, help="Only where it differs from the unit's."),
        Column("amber_within", "Amber within", 10, Holds.NUMBER, help="Only where it differs from the unit's."),
        Column("review", "For review", 50, help="What the title did not settle. Empty it once you have decided."),
        Column("note", "Note", 50),
    ),
)

CATALOGUE_GOALS = Table(
    "Targets",
    "Targets",
    (
        Column("kpi_id", "KPI id", 8),
        Column("title", "KPI", 60, needed=False, help="Looked up from the sheet KPIs."),
        Column("year", "Year", 10, help="The financial year, as 2021-22."),
        Column("baseline", "Baseline", 14, Holds.NUMBER, help="The number alone; a percentage as 0.85 or 85%."),
        Column("baseline_words", "Baseline in words", 40, help="Only where it was published with words."),
        Column("target", "Target", 14, Holds.NUMBER),
        choice_column("target_sign", "Target sign", 9, Sign),
        Column("target_words", "Target in words", 40),
    ),
)

CATALOGUE_WORKSTREAMS = Table(
    "Workstreams",
    "Workstreams",
    (Column("name", "Workstream", 60), Column("code", "Code", 10, help="Names the sheet and the file.")),
)

CATALOGUE_SECTIONS = Table("Sections", "Sections", (Column("name", "Board section, in the board's order", 70),))

CATALOGUE_TOLERANCES = Table(
    "Tolerances",
    "Tolerances",
    (
        choice_column("unit", "Unit", 14, Unit),
        Column("green", "Green within", 14, Holds.NUMBER),
        Column("amber", "Amber within", 14, Holds.NUMBER),
        choice_column("measure", "Measured as", 16, Measure),
        Column(
            "steady",
            "No change within",
            14,
            Holds.NUMBER,
            needed=False,
            help="How far a value may move and be no change.",
        ),
    ),
)

CATALOGUE_SHARES = Table(
    "Profiles",
    "Profiles",
    (
        choice_column("profile", "Profile", 18, Profile),
        *(Column(f"q{quarter}", f"Q{quarter}", 10, Holds.NUMBER) for quarter in (1, 2, 3, 4)),
        Column(
            "unmoved_until",
            "At its baseline until quarter",
            15,
            Holds.WHOLE,
            needed=False,
            help="The last quarter (1 to 4) before the year's first new figure; until then the baseline is no red.",
        ),
    ),
)

CATALOGUE_TIES = Table(
    "Sums",
    "Sums",
    (
        Column("kpi_id", "KPI id", 10, help="The KPI whose amount the sum should give."),
        Column("formula", "Is the same as", 50, help="KPI ids, numbers, + - * / and brackets, such as K012 + K013."),
        Column("tolerance", "Within", 14, Holds.NUMBER, help="How far it may be off, in the KPI's own unit."),
    ),
)

CATALOGUE_SETTINGS = Table(
    "Settings",
    "Settings",
    (Column("setting", "Setting", 44), Column("value", "Value", 70, Holds.TEXT)),
)

SETTING_NAMES = {
    "council": "Council",
    "plan": "Plan",
    "board": "Board",
    "list_version": "KPI list version",
    "return_to": "Returns go back to",
    "return_days": "Days from the quarter's end to the return date",
    "smallest_sample": "Survey answers under which a rating is amber",
    "withheld_under": "Counts under this number are withheld when published",
}
SETTINGS_ADDED_LATER = ("withheld_under",)
"""An older catalogue does not have them; the model's default holds there."""

CATALOGUE_TABLES = (
    CATALOGUE_KPIS,
    CATALOGUE_GOALS,
    CATALOGUE_WORKSTREAMS,
    CATALOGUE_SECTIONS,
    CATALOGUE_TOLERANCES,
    CATALOGUE_SHARES,
    CATALOGUE_TIES,
    CATALOGUE_SETTINGS,
)
