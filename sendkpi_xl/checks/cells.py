"""What can be wrong with a single cell of a KPI's row: what stands in it, its unit, range and scale, its comment."""

from __future__ import annotations

from collections.abc import Iterator

from sendkpi_xl.cells import Kind
from sendkpi_xl.checks.check import Check, Noticed, Scope
from sendkpi_xl.checks.seen_row import PART_KEYS, WORD_KEYS, SeenRow
from sendkpi_xl.comment_text import mis_encoded, personal_data, unseen
from sendkpi_xl.entry import COMMENT_LIMIT, entry_rule
from sendkpi_xl.figures import plain
from sendkpi_xl.finding_rules import CHECK, MUST, NOTE, RULES, Rule
from sendkpi_xl.findings import did_you_mean, shortened
from sendkpi_xl.reading import Reason
from sendkpi_xl.values import WhyNot, date_found

WORDS = "Words, or an empty cell."


def _why_not(seen: SeenRow, why: WhyNot) -> Iterator[Noticed]:
    for key, entered, rule in seen.entered():
        if entered.why_not is why:
            yield seen.at(key, found=entered.found, expected=rule.expected, action=entered.ask)


def no_number(seen: SeenRow) -> Iterator[Noticed]:
    """An entry that is no number that we can be sure of, or a date where words belong."""
    yield from _why_not(seen, WhyNot.NO_NUMBER)
    if seen.parts_differ:
        yield seen.at("value", found=seen.value.found, expected=entry_rule(seen.kpi).expected, action=_beside(seen))
    for key in WORD_KEYS:
        cell = seen.row.cells.get(key)
        if cell is not None and cell.is_date:
            action = "Type it in words, such as 30 June 2021."
            yield seen.at(key, found=date_found(cell), expected=WORDS, action=action)


def _beside(seen: SeenRow) -> str:
    beside = (("numerator", seen.numerator.value), ("denominator", seen.denominator.value))
    stand = " and ".join(f"{name} {plain(number)}" for name, number in beside if number is not None)
    return f"It does not fit what stands beside it, {stand}: correct whichever is wrong."


def error_value(seen: SeenRow) -> Iterator[Noticed]:
    """An error such as #REF!, in a number cell or in one for words."""
    yield from _why_not(seen, WhyNot.ERROR)
    yield from _words_of_kind(seen, Kind.ERROR)


def formula_without_result(seen: SeenRow) -> Iterator[Noticed]:
    """A formula whose result was not saved: it looks empty to every program but Excel."""
    yield from _why_not(seen, WhyNot.NO_RESULT)
    yield from _words_of_kind(seen, Kind.EMPTY)


def _words_of_kind(seen: SeenRow, kind: Kind) -> Iterator[Noticed]:
    for key in WORD_KEYS:
        cell = seen.row.cells.get(key)
        if cell is not None and cell.kind is kind:
            yield seen.at(key, found=cell.raw, expected=WORDS)


def out_of_range(seen: SeenRow) -> Iterator[Noticed]:
    """A number beyond the limits of its unit, or with decimals where it must be whole."""
    yield from _why_not(seen, WhyNot.OUT_OF_RANGE)


def converted(seen: SeenRow) -> Iterator[Noticed]:
    """A text that was read as a number."""
    for key, entered, rule in seen.entered():
        if entered.how and not entered.bare and not (key == "value" and seen.parts_differ):
            yield seen.at(key, found=entered.found, read=entered.read, expected=rule.expected)


def without_percent_sign(seen: SeenRow) -> Iterator[Noticed]:
    """A percentage whose cell lost its % sign: 0.85 may be 85 % or 0.85 %, unless its fraction settles it."""
    for key, entered in (("value", seen.value), ("forecast", seen.forecast)):
        if entered.bare and not (key == "value" and seen.settled):
            yield seen.at(key, found=entered.found, read=entered.read)


def not_asked_for(seen: SeenRow) -> Iterator[Noticed]:
    """A numerator or denominator of a KPI that is no share."""
    for key in PART_KEYS:
        if not seen.kpi.share and key in seen.row.cells:
            text = seen.row.text(key)
            yield seen.at(key, found=f"“{shortened(text)}”" if text else "A formula")


def unknown_reason(seen: SeenRow) -> Iterator[Noticed]:
    """A reason that is none of the drop-down's; an error that stands there is told as such."""
    text = seen.row.text("reason")
    if text and seen.reason is None and seen.row.cells["reason"].kind is not Kind.ERROR:
        guess = did_you_mean(text, list(Reason))
        yield seen.at("reason", found=shortened(text), choices=", ".join(Reason), guess=guess)


def formula_as_value(seen: SeenRow) -> Iterator[Noticed]:
    """A formula of the lead's own in a number cell: its saved result is used."""
    for key, entered, _ in seen.entered():
        cell = seen.row.cells.get(key)
        if cell is not None and cell.formula and not cell.linked and entered.value is not None:
            yield seen.at(key, found=entered.read or plain(entered.value))


def linked_value(seen: SeenRow) -> Iterator[Noticed]:
    """An entry that another workbook or a web page supplies: it is as the sender's program last saved it."""
    for key, cell in seen.open_cells():
        if cell.linked:
            yield seen.at(key)


def long_comment(seen: SeenRow) -> Iterator[Noticed]:
    """A comment longer than the template allows: pasting takes the limit away."""
    length = len(seen.row.text("comment"))
    if length > COMMENT_LIMIT:
        yield seen.at("comment", length=f"{length:,}", most=f"{COMMENT_LIMIT:,}")


def personal_comment(seen: SeenRow) -> Iterator[Noticed]:
    """A comment that may name a child or a family; what it says is repeated nowhere."""
    if kinds := personal_data(seen.row.text("comment")):
        yield seen.at("comment", kinds=" and ".join(kinds))


def unreadable_letters(seen: SeenRow) -> Iterator[Noticed]:
    """A comment with letters that came out wrong, or that nobody can see."""
    text = seen.row.text("comment")
    if mis_encoded(text):
        yield seen.at("comment", what="letters that came out wrong, such as “Ã©” for “é”")
    elif unseen(text):
        yield seen.at("comment", what="characters that cannot be seen")


CELL_CHECKS = (
    Check("C01", Scope.ROW, Rule(MUST, "The cell holds “{found}”.", "{expected}", "{action}"), no_number),
    Check("C02", Scope.ROW, RULES["C02"], error_value),
    Check("C03", Scope.ROW, RULES["C03"], formula_without_result),
    Check("C04", Scope.ROW, Rule(MUST, "The cell reads {found}.", "{expected}", "{action}"), out_of_range),
    Check(
        "C05",
        Scope.ROW,
        Rule(
            NOTE,
            "The cell holds the text “{found}”; we read it as {read}.",
            "{expected}",
            "Nothing, if that is what was meant.",
        ),
        converted,
    ),
    Check(
        "C12",
        Scope.ROW,
        Rule(
            CHECK,
            "{found} is typed in a cell that is not read for this KPI.",
            "An empty cell.",
            "Move it to the comment if it matters.",
        ),
        not_asked_for,
    ),
    Check("T03", Scope.ROW, RULES["T03"], unknown_reason),
    Check(
        "C15",
        Scope.ROW,
        Rule(
            CHECK,
            "The cell holds {found} without a % sign; we read it as {read}.",
            "A percentage with its % sign.",
            "If {read} is meant, type it with its sign; if not, correct it.",
        ),
        without_percent_sign,
    ),
    Check(
        "C16",
        Scope.ROW,
        Rule(
            NOTE,
            "The cell holds a formula; we used its saved result, {found}.",
            "A typed number.",
            "Nothing, if that is the figure.",
        ),
        formula_as_value,
    ),
    Check(
        "C17",
        Scope.ROW,
        Rule(
            CHECK,
            "The cell takes its content from another workbook or a web page; we used what was saved last.",
            "A typed figure, or words.",
            "Type the figure over the formula, so that it stays what you mean.",
        ),
        linked_value,
    ),
    Check(
        "C18",
        Scope.ROW,
        Rule(
            CHECK,
            "The comment has {length} characters.",
            "At most {most} characters.",
            "Say it shorter; until then the comment is used as it is.",
        ),
        long_comment,
    ),
    Check(
        "C19",
        Scope.ROW,
        Rule(
            CHECK,
            "The comment may hold personal data: {kinds}.",
            "A comment that names no child and no family.",
            "Take it out, or word it otherwise; until then the comment is kept off the board's workbook and the data.",
        ),
        personal_comment,
    ),
    Check(
        "C20",
        Scope.ROW,
        Rule(
            CHECK,
            "The comment holds {what}.",
            "Words as they should be read.",
            "Type the comment again; until then it is used as it is.",
        ),
        unreadable_letters,
    ),
)
"""The checks of single cells, in the order in which a message names them."""
