"""What can be wrong, each under a code that is never used again, and the refusal that ends a command.

The table holds code, severity and the three sentences of a message; `{…}` is filled in where a finding is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sendkpi_xl.model import Finding, Place, Severity


class Refusal(Exception):
    """The command cannot go on. `findings` say why and what to do; the exit status is 2."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("; ".join(f"{finding.place}: {finding.found}" for finding in findings))
        self.findings = tuple(findings)


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of finding."""

    severity: Severity
    found: str
    expected: str
    action: str


ORDER = tuple(Severity)
MUST, CHECK, NOTE = Severity.MUST_FIX, Severity.PLEASE_CHECK, Severity.NOTE

RULES: dict[str, Rule] = {
    # Files and folders
    "F01": Rule(MUST, "There is no {what} here.", "{expected}", "{action}"),
    "F02": Rule(MUST, "{found}", "An Excel workbook (.xlsx) that opens.", "{action}"),
    "F03": Rule(
        MUST,
        "It cannot be written: {why}.",
        "A file that nobody has open, in a folder that can be written.",
        "Close it in Excel or LibreOffice, or choose another folder with --folder, and run again.",
    ),
    "F04": Rule(
        MUST,
        "“{found}” is not a quarter.",
        "A financial-year quarter such as 2021-22-Q1.",
        "Type the year, its second half and Q1 to Q4, joined by hyphens.",
    ),
    "F05": Rule(
        NOTE,
        "Not a workbook (.xlsx or .xlsm): {why}.",
        "Return workbooks.",
        "Nothing, unless a lead sent the return in this form: then ask for the workbook itself.",
    ),
    "F06": Rule(
        MUST,
        "No file here is a return that can be used.",
        "At least one filled template.",
        "Put the returns that came back into this folder and run again.",
    ),
    "F07": Rule(
        MUST,
        "The catalogue has no targets for {year}.",
        "Baselines and targets for the quarter's year.",
        "Add rows for {year} to the sheet Targets of the catalogue, or choose another quarter.",
    ),
    "F08": Rule(NOTE, "The same bytes as {other}.", "Each return once.", "Nothing: it is counted once."),
    # Lists and tables
    "T01": Rule(
        MUST,
        "No column “{heading}”; the headings seen are: {seen}.",
        "A column headed “{heading}”{aliases}.",
        "Give the column that heading{guess}.",
    ),
    "T02": Rule(
        MUST, "Two columns are headed “{heading}”: {cells}.", "Each heading once.", "Rename or remove one of the two."
    ),
    "T03": Rule(
        MUST, "“{found}” is not one of the choices.", "One of: {choices}.", "Choose from the drop-down{guess}."
    ),
    "T04": Rule(MUST, "“{found}” is not a number that fits here.", "{expected}", "Type the number alone."),
    "T05": Rule(MUST, "The cell is empty.", "{expected}", "Fill it in."),
    "T06": Rule(
        MUST,
        "{found} is here again; it stands already in {other}.",
        "Each KPI once.",
        "Delete one of the two rows, or correct its id.",
    ),
    "T07": Rule(
        MUST,
        "“{found}” is not in the sheet {sheet}.",
        "A name from the sheet {sheet}.",
        "Correct the name, or add it there{guess}.",
    ),
    "T08": Rule(
        MUST,
        "There is no sheet “{sheet}”; the sheets are: {seen}.",
        "A sheet called “{sheet}”.",
        "Restore the sheet{guess}.",
    ),
    "T09": Rule(MUST, "{found}", "{expected}", "{action}"),
    # Returns
    "R01": Rule(
        MUST,
        "No sheet is one of our templates; the sheets are: {seen}.",
        "A filled template for {period}.",
        "Ask for the return in the template that was sent out; nothing was read from this file.",
    ),
    "R02": Rule(
        MUST,
        "The sheet is for {found}, and this run is for {period}.",
        "A return for {period}.",
        "Ask for the right quarter's return; nothing was read from this sheet.",
    ),
    "R03": Rule(
        MUST,
        "The sheet was made from the KPI list “{found}” (layout {layout}).",
        "The KPI list “{expected}” (layout {expected_layout}).",
        "Send the lead the current template; nothing was read from this sheet.",
    ),
    "R04": Rule(
        MUST,
        "Workstream “{found}” is not in the catalogue.",
        "One of: {choices}.",
        "Check which council or list this template belongs to; nothing was read from this sheet.",
    ),
    "R05": Rule(
        MUST,
        "{found} is not a KPI of this workstream.",
        "A KPI id of {workstream}.",
        "Restore the id in this row{guess}; the row was not used.",
    ),
    "R06": Rule(
        MUST,
        "{found} is on more than one row ({other}), with different entries.",
        "Each KPI once.",
        "Keep the right row and delete the other; until then the KPI is queried.",
    ),
    "R07": Rule(
        NOTE,
        "Nothing has been filled in on this sheet.",
        "Values, or a reason for each blank.",
        "Ask for the return: its KPIs count as not returned.",
    ),
    "R08": Rule(
        MUST,
        "Two different returns for {workstream}: the other is {other}. They differ in {cells}.",
        "One return for a workstream and quarter.",
        "Move the one that is not wanted into a folder called superseded, and run again.",
    ),
    "R09": Rule(
        MUST,
        "This KPI's row is not on the sheet any more.",
        "A row for each KPI of the workstream.",
        "Send the template again, or put the row back; the KPI counts as not returned.",
    ),
    "R10": Rule(NOTE, "A {what} that we wrote, not a return.", "Returns only.", "Nothing: it was left out."),
    "R11": Rule(
        CHECK,
        "Filled cells that belong to no column of ours: {cells}.",
        "Entries in the yellow cells only.",
        "Move what matters into the comment of its KPI; it was not used.",
    ),
    # Cells and rows
    "C01": Rule(MUST, "The cell holds “{found}”.", "{expected}", "{action}"),
    "C02": Rule(MUST, "The cell shows {found}.", "{expected}", "Type over it, or mend the formula."),
    "C03": Rule(
        MUST,
        "The cell holds a formula that has no saved result.",
        "{expected}",
        "Open the workbook in Excel, let it calculate, save it, and send it again.",
    ),
    "C04": Rule(MUST, "The cell reads {found}.", "{expected}", "{action}"),
    "C05": Rule(
        NOTE,
        "The cell holds the text “{found}”; we read it as {read}.",
        "{expected}",
        "Nothing, if that is what was meant.",
    ),
    "C06": Rule(
        MUST,
        "There is a value and a reason for a blank.",
        "One of the two.",
        "Clear the reason if the value stands, or the value if there is none; until then the KPI is queried.",
    ),
    "C07": Rule(
        MUST,
        "There is neither a value nor a reason for the blank.",
        "One of the two.",
        "Type the value, or choose a reason.",
    ),
    "C08": Rule(
        CHECK,
        "The value is {found}, and {numerator} out of {denominator} is {share}.",
        "A value that is the numerator over the denominator.",
        "Correct whichever of the three is wrong.",
    ),
    "C09": Rule(
        MUST,
        "{numerator} out of {denominator} is not a share.",
        "A numerator no larger than its denominator, and a denominator above 0.",
        "Correct whichever of the two is wrong; if there were no cases, choose that as the reason for a blank.",
    ),
    "C10": Rule(CHECK, "There is a {one} and no {other}.", "Both or neither.", "Type the {other}, if it is known."),
    "C11": Rule(
        NOTE,
        "No value was typed; we worked out {share} from {numerator} out of {denominator}.",
        "A value.",
        "Nothing, if that is what was meant.",
    ),
    "C12": Rule(
        CHECK,
        "{found} is typed in a cell that is not read for this KPI.",
        "An empty cell.",
        "Move it to the comment if it matters.",
    ),
    "C13": Rule(
        CHECK,
        "The reason is “{reason}”, and there is no comment.",
        "A comment that says why there is no value.",
        "Say why in the comment.",
    ),
    "C14": Rule(
        CHECK,
        "The value is {found}, and {formula} gives {sum}.",
        "The same within {tolerance}.",
        "Correct whichever of these figures is wrong.",
    ),
    # Catalogue and moderation
    "K01": Rule(
        CHECK,
        "This KPI has a value, and no ref on the board's dataset.",
        "A board ref in the catalogue.",
        "Give it a board ref and section in the catalogue; it stands at the end of its section until then.",
    ),
    "K02": Rule(
        CHECK,
        "The {column} for {year} is {found}, and {formula} gives {sum}.",
        "The same within {tolerance}.",
        "Correct whichever of these figures is wrong, or the sum in the sheet Sums.",
    ),
    "M01": Rule(
        MUST,
        "An agreed rating without {missing}.",
        "A reason, and who agreed it.",
        "Fill it in; until then the computed rating stands.",
    ),
    "M02": Rule(
        CHECK,
        "This override lapsed after {until}.",
        "An override that still holds.",
        "Agree it again with a later quarter, or clear the row; the computed rating stands.",
    ),
    "M03": Rule(
        NOTE,
        "The computed rating is the agreed one by now.",
        "Overrides only where people decided otherwise.",
        "Clear the row if nothing else hangs on it.",
    ),
    "M04": Rule(
        CHECK,
        "A rating is agreed for a KPI without a value.",
        "A value behind each rating.",
        "Ask for the value, or agree no rating.",
    ),
    "M05": Rule(
        NOTE,
        "There is no moderation workbook for this quarter.",
        "The team's headlines and agreed ratings.",
        "Run sendkpi moderate {period} and fill in what it writes; the computed ratings stand until then.",
    ),
}


UNREADABLE = ("F01", "F02", "F03", "F06", "T01", "T02", "R01", "R02", "R03", "R04")
"""Codes for which the exit status is 2: a file that could not be read, used or written."""


def finding(code: str, place: Place, subject: str = "", **words: object) -> Finding:
    """The finding `code` at a place, its sentences filled in with `words`; KeyError for a word that is missing."""
    rule = RULES[code]
    found, expected, action = (sentence.format(**words) for sentence in (rule.found, rule.expected, rule.action))
    return Finding(code, rule.severity, place, found, expected, action, subject)


def sorted_findings(findings: Iterable[Finding]) -> list[Finding]:
    """The most urgent first, otherwise in the order in which they were found."""
    return sorted(findings, key=lambda finding: ORDER.index(finding.severity))


def shortened(text: str, most: int = 80) -> str:
    """A text as a message quotes it: on one line, cut where it is long, `?` for letters that cannot be seen."""
    line = "".join(letter if letter.isprintable() else "?" for letter in " ".join(text[: 10 * most].split()))
    return line if len(line) <= most else f"{line[: most - 1]}…"


def did_you_mean(found: str, known: Sequence[str]) -> str:
    """` (did you mean “…”?)` when one of the known names is closer than all others to what was found, else nothing."""
    import difflib

    folded = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(found.casefold(), list(folded), n=2, cutoff=0.7)
    likeness = [difflib.SequenceMatcher(None, name, found.casefold()).ratio() for name in close]
    if not close or likeness[1:] == likeness[:1]:
        return ""
    return f" (did you mean “{folded[close[0]]}”?)"
