"""What a KPI's title says of it, as tables of clues.

A table is read from the top: the first clue whose pattern the title holds decides, and the last, whose pattern is
empty, decides for every other title. A clue with a `doubt` proposes a value for review.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Generic, TypeVar

from msgspec import Struct

from sendkpi_xl.model import Life, Polarity, Profile, Unit

T = TypeVar("T")


class Clue(Struct, Generic[T], frozen=True):
    """What words in a title say of one attribute; `doubt` is what they leave open, empty if nothing."""

    pattern: str
    value: T
    doubt: str = ""

    def __post_init__(self) -> None:
        re.compile(self.pattern)


WHICH_WAY = "the title does not say which way is better."
SIGN = "the title does not say whether a deficit or gap is written with a plus or a minus."
FORECAST = "the title does not say whether it is the year's forecast or the sum so far."
NUMBER_OR_CUT = "the title does not say whether the number or its reduction is meant, nor whether its groups add up."
MONTH_OR_WINTER = "the title does not say whether it is a month's figure or the December to February average."
THEN_OR_SO_FAR = "the title does not say whether it counts those at the quarter's end or all so far in the year."
UNCONFIRMED = "the KPI is still to be confirmed."

PERCENT = r"%|\bper ?cent\b|percentage|proportion"
CHANGE = r"% (increase|decrease|growth|change|reduction)\b"
AVERAGE = r"\baverage\b.*(cost|price|spend|£)|\b(unit cost|cost per)\b"
TO_COME = r"\bto be (confirmed|agreed|determined|developed)\b|\bTBC\b"
ASKED = r"\b(who|that) (feel|felt|say|said|think|thought|agree|believe)\b"
CONTENT = r"\b(satisfied|satisfaction|happy|pleased|confident|confidence)\b"

UNITS = (
    Clue(r"%.*(\(and of these\b|\bat both\b)", Unit.PERCENT, "the title asks for more than one percentage."),
    # Share words come first: "Number of complaints as percentage of EHCPs" is a percentage.
    Clue(PERCENT, Unit.PERCENT),
    Clue(r"\b(vacancy|attendance|absence|completion|response|retention|turnover) rate", Unit.PERCENT),
    Clue(r"\brates?\b", Unit.PERCENT, "the title does not say what the rate is a share of."),
    Clue(TO_COME, Unit.COUNT, UNCONFIRMED),
    Clue(r"reduction in the number", Unit.COUNT, NUMBER_OR_CUT),
    Clue(r"\b(days|months) (from|to|taken)\b|\btime taken\b", Unit.WEEKS, "the title does not say weeks."),
    # Before money and weeks: the number of personal budgets is not money, that of long waits not weeks.
    Clue(r"\bnumber of\b", Unit.COUNT),
    # Health services count waits in weeks, as their guidelines do.
    Clue(r"\bwaiting times?\b|\bweeks\b", Unit.WEEKS),
    Clue(AVERAGE, Unit.AVERAGE),
    # The high needs block (HNB) is the part of the dedicated schools grant (DSG) that pays for SEND.
    Clue(r"£|\b(HNB|DSG|spend|expenditure|deficit|outturn|savings?|costs?|block transfers?)\b", Unit.MONEY),
    Clue(r"\bgeneral fund\b|\b(grant|funding|budget) allocation", Unit.MONEY),
    # Movements of education, health and care plans (EHCPs) and places: how many came, went and are.
    Clue(r"^(actual|net|new|ceased|movers|total)\b", Unit.COUNT),
    Clue(r"\bscores?\b", Unit.COUNT, "the title names scores and not what they are counted in."),
    Clue("", Unit.COUNT, "the title does not say what it is counted in."),
)

DECIMALS = {Unit.COUNT: 0, Unit.PERCENT: 1, Unit.MONEY: 0, Unit.AVERAGE: 0, Unit.WEEKS: 0}

# Whether a percentage is one number out of another: a change, and a gap between two figures, are not.
SHARES = (Clue(rf"{CHANGE}|\bgap\b", False), Clue("", True))

SURVEYS = (
    Clue(rf"{ASKED}|{CONTENT}", True),
    # Audits and training records are used for these as well as surveys.
    Clue(r"\bwho (understand|know|are aware)\b", False, "the title does not say whether a survey asks them."),
    Clue("", False),
)

POLARITIES = (
    Clue(TO_COME, Polarity.CONTEXT, UNCONFIRMED),
    # Some print a deficit as a positive sum, some as a negative one; better is then down or up.
    Clue(r"surplus.*deficit|deficit.*surplus|funding gap", Polarity.CONTEXT, SIGN),
    # "% increase" is the measure, "increases" at a title's end the aim; demand may rise or fall for good.
    Clue(CHANGE, Polarity.CONTEXT, WHICH_WAY),
    # Surveys ask what should be so: that people feel heard, are satisfied, agree. Some ask what should not.
    Clue(rf"{ASKED}.*\b(not|unsafe|lonely|isolated|bullied)\b", Polarity.CONTEXT, WHICH_WAY),
    Clue(rf"{ASKED}|{CONTENT}", Polarity.HIGHER),
    # The aim in the title's own words.
    Clue(r"\breduces?\b|^reduction in\b|\bdecreases\b|\b(is|are) below\b", Polarity.LOWER),
    Clue(r"\bincreases\b|\b(is|are) above\b", Polarity.HIGHER),
    # Savings before costs: "savings / cost mitigation". Costs are held against a budget; a share of spend is not.
    Clue(r"\bsavings?\b", Polarity.HIGHER),
    Clue(rf"\bdeficit\b|{AVERAGE}|^[^%]*\b(spend|expenditure)\b", Polarity.LOWER),
    # Waits, gaps between groups, and places that are paid for and empty.
    Clue(r"^[^%]*\bwaiting times?\b|\bgap\b|\bvacancy rate\b", Polarity.LOWER),
    # Work done, in time, and well. Before what is bad in itself: complaints answered in time are good.
    Clue(r"\bwithin (the )?(statutory|mandatory|\d+)|\bgood\b|\baudited\b|\bskilled\b", Polarity.HIGHER),
    Clue(r"\b(completed|delivered|achieving|qualified|resolved|reintegrated|trained)\b", Polarity.HIGHER),
    # Young people not in education, employment or training (NEET) or kept out of school; complaints.
    Clue(r"\bNEET\b|\bnot in (education|employment|training|school)\b|\bcomplaints?\b", Polarity.LOWER),
    Clue(r"\bexclu(ded|sions?)\b|\bsuspensions?\b|\babsence\b", Polarity.LOWER),
    # Independent and non-maintained (NM) places cost the most: recovery plans bring their share down.
    Clue(r"\bindependent\b|\bnon-maintained\b", Polarity.LOWER),
    # In mainstream school or on a path to work: what the SEND Code of Practice wants for most.
    Clue(r"\bmainstream\b|\bfurther education\b|\bvocational\b|\bemployment\b", Polarity.HIGHER),
    # Places used, services reached, people heard, and what changed because of them.
    Clue(r"\bplaces (created|filled)\b|\btake[ -]?up\b|\bworking with\b|\battendance\b", Polarity.HIGHER),
    Clue(r"\bviews\b.*\bcaptured\b|\bfeedback\b|\bas a result of\b", Polarity.HIGHER),
    Clue("", Polarity.CONTEXT, WHICH_WAY),
)

PROFILES = (
    Clue(TO_COME, Profile.SNAPSHOT, UNCONFIRMED),
    # Told once a year: exam results, school leavers, the Early Years Foundation Stage Profile (EYFSP).
    Clue(r"\beach year\b|\bby the end of year \d+|\bqualified\b|\bEYFSP\b|\bGCSEs?\b", Profile.ANNUAL),
    Clue(r"\battainment\b|\bgood level of development\b|\bkey stage \d results", Profile.ANNUAL),
    Clue(r"\bNEET\b|\bnot in education\b", Profile.SNAPSHOT, MONTH_OR_WINTER),
    Clue(CHANGE, Profile.SNAPSHOT, "the title does not say since when."),
    # A share, an average, a wait, a balance or a forecast is not summed over quarters.
    Clue(
        rf"{PERCENT}|\brates?\b|^average\b|{AVERAGE}|\bwaiting times?\b|\bcumulative\b|\bprojected\b", Profile.SNAPSHOT
    ),
    # Agreed for the whole year when its budget is set.
    Clue(r"\ballocation\b|\bblock transfers?\b|\bgeneral fund\b", Profile.SNAPSHOT),
    Clue(r"\bsavings?\b.*\bachieved\b", Profile.YEAR_TO_DATE),
    Clue(r"\bsavings?\b", Profile.YEAR_TO_DATE, FORECAST),
    Clue(r"£|\b(spend|expenditure|surplus|deficit|outturn|costs?)\b", Profile.SNAPSHOT, FORECAST),
    # Events, which add up over the year.
    Clue(r"^(new|ceased|movers)\b", Profile.YEAR_TO_DATE),
    Clue(r"\bnumber of\b.*\b(made|put in place|captured|give feedback|attended|held)\b", Profile.YEAR_TO_DATE),
    Clue(r"\bnumber of\b", Profile.SNAPSHOT, THEN_OR_SO_FAR),
    Clue("", Profile.SNAPSHOT),
)

LIVES = (Clue(TO_COME, Life.PROPOSED), Clue("", Life.LIVE))


def first_clue(clues: Iterable[Clue[T]], title: str) -> Clue[T]:
    """The clue that decides for this title."""
    return next(clue for clue in clues if re.search(clue.pattern, title, re.IGNORECASE))
