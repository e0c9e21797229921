"""The rules of what reading and writing anything may meet, each under a code that is never used again.

A rule holds severity and the three sentences of a message; `{…}` is filled in where a finding is made. The rules of
the returns stand with their checks in `checks`, those of a finished workbook in `audit`.
"""

from __future__ import annotations

from msgspec import Struct

from sendkpi_xl.reading import Severity


class Rule(Struct, frozen=True):
    """One kind of finding."""

    severity: Severity
    found: str
    expected: str
    action: str


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
    "F09": Rule(
        MUST,
        "Another run over this quarter is at work since {since}, on the computer {computer}.",
        "One run at a time over a quarter.",
        "Wait until it is done, and run again. If it is at work no more, delete the file {lock} here.",
    ),
    "F10": Rule(NOTE, "{found}", "A run that comes to its end.", "{action}"),
    "F11": Rule(
        MUST,
        "{why}: {needed} are needed, and {free}.",
        "Room for the whole file.",
        "Make room there, or choose another folder with --folder, and run again; what was there before is whole.",
    ),
    "F12": Rule(
        MUST,
        "It was not replaced: {why}. What this run made is beside it: {new}.",
        "A file that nobody has open, in a folder that can be written.",
        "Close it and run again, or use what is beside it.",
    ),
    "F13": Rule(
        MUST,
        "Somebody saved it since sendkpi wrote it, so it was not replaced. What this run made is beside it: {new}.",
        "A file that is as sendkpi wrote it, or none.",
        "Move it away, with what was changed in it, and run again; or use what is beside it.",
    ),
    "F14": Rule(
        CHECK,
        "Other files beside it look like copies of it: {copies}.",
        "One file, so that nobody takes an old one for it.",
        "Keep what is right in it, and delete or move the others.",
    ),
    "F15": Rule(
        MUST,
        "The receipt does not add up: {sums}.",
        "Each file, KPI and entry counted once.",
        "Nothing was written. This is a fault in sendkpi: please report it with this line.",
    ),
    "F16": Rule(
        MUST,
        "There are {found} files here.",
        "A file or two for each workstream, and at most {most} in all.",
        "Check that it is the right folder; if it is, run again with --many.",
    ),
    "F20": Rule(
        MUST,
        "It changed while it was being read.",
        "A file that nobody is saving.",
        "Run again when it is closed: what was written is from before the change.",
    ),
    "F21": Rule(CHECK, "{found} The workbook was written all the same.", "A PDF of the board pack.", "{action}"),
    "F22": Rule(
        CHECK,
        "This PDF is from an earlier run, and the workbook beside it is not.",
        "A PDF of the workbook beside it, or none.",
        "Run again with --pdf to make it anew, or delete it.",
    ),
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
    # Cells, of whichever workbook
    "C02": Rule(MUST, "The cell shows {found}.", "{expected}", "Type over it, or mend the formula."),
    "C03": Rule(
        MUST,
        "The cell holds a formula that has no saved result.",
        "{expected}",
        "Open the workbook in Excel, let it calculate, save it, and send it again.",
    ),
    # Across quarters
    "P06": Rule(
        NOTE,
        "The {name} for {quarter} was {before} when the board's data was written last, and is {now}.",
        "What was written last, unless a return or an agreed rating has changed.",
        "Nothing, if that is meant: tell the board that it is restated.",
    ),
    # Catalogue and moderation
    "K01": Rule(
        CHECK,
        "This KPI has a value, and no ref on the board's dataset.",
        "A board ref in the catalogue.",
        "Give it a board ref and section in the catalogue; it stands at the end of its section until then.",
    ),
    "K05": Rule(
        MUST,
        "The board ref {found} is here again; it stands already in {other}.",
        "Each board ref once, KPIs that are retired apart.",
        "Give one of the two another ref, or none; if it is not asked for any more, its life is “retired”.",
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
    "M06": Rule(
        MUST,
        "The decision is Edit, and there are no words of your own.",
        "The headline as the board is to read it.",
        "Write it under Your words, or choose Accept or Strike; until then the board is not shown it.",
    ),
    "M07": Rule(
        MUST,
        "Words of your own stand beside {beside}, so the board is not shown them.",
        "Words of your own beside the decision Edit, and nowhere else.",
        "Choose Edit to use them, or clear them.",
    ),
    "M08": Rule(
        CHECK,
        "This headline was accepted, and its figures have changed since: {now}.",
        "An accepted headline that is what the figures say.",
        "Clear the decision and run sendkpi moderate again for today's words, or choose Edit and write your own; "
        "until then it stands as it was accepted.",
    ),
    "M09": Rule(
        CHECK,
        "It stands under What is working well?, and KPI {ref} says otherwise: {sentence}.",
        "KPIs that are neither Red nor Worsening.",
        "Look at it again: reword it, move it to the concerns, or take the ref out.",
    ),
    "M10": Rule(
        CHECK,
        "It says “{claim}”, and KPI {ref} says otherwise: {sentence}.",
        "Words that agree with the rating.",
        "Look at it again: reword it, or agree another rating with its reason on the sheet Ratings.",
    ),
    "M11": Rule(
        CHECK,
        "It stands under What is a concern?, and what it names ({named}) is Green and not Worsening.",
        "A KPI among those that it names that is not Green, or is Worsening.",
        "Look at it again: name the KPI that is meant, or say what the figures do not show and take the refs out.",
    ),
    "M12": Rule(
        CHECK,
        "It says {found}, which is no value, target or baseline of KPI {named}, nor what they differ by.",
        "Figures of the KPIs that it names.",
        "Correct the figure, or add the ref of the KPI that it comes from.",
    ),
    "M13": Rule(
        CHECK,
        "An action without {missing}.",
        "Who sees to it, and by when.",
        "Fill it in, so that the board knows whom to ask.",
    ),
    "M14": Rule(
        CHECK,
        "What the board is to read may hold personal data: {kinds}.",
        "Words that name no child and no family.",
        "Say it without, or leave it if it names nobody; the board reads it as it stands.",
    ),
    # Publication
    "S01": Rule(
        MUST,
        "Although much is withheld, it can be worked out: {found}.",
        "No number of fewer than {threshold} people that the publish edition gives back.",
        "The publish edition was not written. Look for the figures that this comes from in the returns and baselines; "
        "what was published before should come off the website.",
    ),
    "S02": Rule(
        NOTE,
        "The publish edition withholds {figures}, and words in {texts}.",
        "What tells of fewer than {threshold} people, and what would give it back.",
        "Read the log, which stays with the team, before you publish: a number in words may be of something else.",
    ),
    "S03": Rule(
        CHECK,
        "{found}",
        "Figures that every publish edition shows, or every one withholds.",
        "Take the older edition off the website, if it is there, before this one is published.",
    ),
    "S04": Rule(
        CHECK,
        "The catalogue's setting is 0, so the publish edition withholds no number, however few people it tells of.",
        "The number under which counts are withheld; 5 is usual.",
        "Set it on the sheet Settings of the catalogue, unless the dataset holds no numbers of people.",
    ),
    # Back-test
    "B01": Rule(
        MUST,
        "The published rating is {published}, the computed one {computed}, and nothing says why.",
        "The same rating, or an override with the published one, a reason and a name.",
        "Run sendkpi moderate {period} and say there why, or mend the figure, its target or the policy.",
    ),
    "B02": Rule(
        MUST,
        "“{found}” is no rating.",
        "R, A or G, or Red, Amber or Green; No rating, or an empty cell, where none was published.",
        "Correct it; until then this KPI counts as not published.",
    ),
    "B03": Rule(
        MUST,
        "{found}",
        "A KPI's board ref or id, as the catalogue has it.",
        "Correct it here or in the catalogue; until then this row is not compared.",
    ),
}
