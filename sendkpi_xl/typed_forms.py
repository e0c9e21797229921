"""What a typed text means where a number is asked for: one declared table of forms, tried in order, first match wins.

A form is converted only where its meaning leaves no doubt; elsewhere it is a question with words of its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from sendkpi_xl.reading import Reason
from sendkpi_xl.shorthand import BESIDE, Symbol, in_order, key
from sendkpi_xl.typed_numbers import (
    PERCENTS,
    SCALES,
    Asked,
    Found,
    Number,
    count_with_share,
    fraction,
    nothing,
    number,
    percentage,
    scaled,
    share_with_fraction,
    total,
    unsigned,
)


class Typed(Struct, frozen=True):
    """What a text was read as: the form's name and its number."""

    form: str
    number: Number


class Form(Struct, frozen=True):
    """One way to type: converted by `read` in the cells of `where`, and queried with `ask` in all others.

    `pattern` is that of a whole text, whatever its case; no endless repeat in it holds another, for matching that could
    take hours. It is made ready when the first text comes: most cells hold numbers. `read` gives the number, or other
    words to ask with, or None where the text is not of this form after all.
    """

    name: str
    pattern: str
    ask: str
    where: frozenset[Asked] = frozenset()
    read: Callable[[Found, Asked], Number | str | None] = lambda match, asked: None


LONGEST = 500
"""Texts beyond this are no numbers, and no pattern is tried on them."""

FOLDED = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x2212: "-"}
"""Full-width letters to plain ones, and the minus sign to a hyphen."""

ALONE = "Type the number alone; words belong in the comment."
WORDS = "Type the number; if there is none, clear the cell and choose a reason. Words go in the comment."
ONE = "Type one number; what else there is to say belongs in the comment."
OR_EMPTY = "Type one number, or clear the cell where there is none; what else there is to say belongs in the comment."
EXACT = (
    f"Type the exact figure, with {Symbol.PROVISIONAL} after it if it is provisional; that it is an estimate belongs "
    "in the comment."
)
SYMBOL = f"Type the figure with a symbol in place of the words, such as 85% {Symbol.PROVISIONAL}: {key(BESIDE)}."
SQUARE = (
    f"If a symbol is meant, type it in square brackets: {Symbol.REVISED} revised, {Symbol.LOW_RELIABILITY} low "
    "reliability. A rating is not typed."
)
NO_FIGURE = "Type the figure before the symbol; if there is none, clear the cell and choose a reason for the blank."
LIMIT = (
    "A limit is not a figure: type the exact one. If it must not be shown, clear the cell and choose the reason "
    f"“{Reason.TOO_FEW}”."
)
BLANK = "Clear the cell and choose a reason for the blank; the words belong in the comment."
NIL_OR_BLANK = "If nil is meant, type 0; if there is no figure, clear the cell and choose a reason for the blank."
ELSEWHERE = f"Clear the cell and choose the reason “{Reason.ANOTHER_KPI}”; the words belong in the comment."
ERROR = "An error was typed or pasted: type the number, or clear the cell and choose a reason for the blank."
BRITISH = "Type it with a point before the decimals, and commas or nothing between thousands, such as 1,234.5."
ONE_SCRIPT = "Type it in the digits 0 to 9: those of two scripts are mixed here."

POUNDS = frozenset({Asked.MONEY, Asked.AVERAGE, Asked.CASES})
"""Where a pound sign may stand: numbers of cases are pounds where the share is one of spend."""

WHOLE = r"(?:[1-9]\d{0,2}(?:,\d{3}){1,2}|[1-9]\d{0,8}|0)"
"""A number of cases; one that begins with a 0 is more likely part of a date."""

OUT_OF = (
    rf"(?P<part>{WHOLE}) ?(?:/|out of|of) ?(?P<whole>{WHOLE})"
    r"(?: (?:cyp|children|young people|children and young people|pupils|cases|plans|families|parents|responses))?"
)
SYMBOLS = {symbol.value[1]: symbol for symbol in Symbol}
"""The symbols by their letters."""
MARK = r"(?:\[ ?[urp](?: ?, ?[urp]){0,2} ?\]|\( ?p ?\))"
"""What is typed for those that stand beside a figure. In round brackets r could be a rating, and u unaudited."""
SHARE = r"(?P<percent>\d{1,3}(?:\.\d{1,10})?) ?(?:%|per ?cent)"
FIGURE = r"-? ?[\d.,]{1,40}"
TERM = r"(?:£ ?)?[\d,]{1,15}(?:\.\d{1,10})?"
AMOUNT = r"(?:£ ?)?(?:\d|one|two|three|four|five|six|seven|eight|nine|ten)"


def read_typed(text: str, asked: Asked) -> Typed | str:
    """What the text means in a cell that asks for this: a number, or what to ask the lead to do; no text raises."""
    if len(text) > LONGEST:
        return ALONE
    if len({ord(letter) - unicodedata.decimal(letter) for letter in text if letter.isdecimal()}) > 1:
        return ONE_SCRIPT
    plainly = _folded(text)
    for form in FORMS:
        match = re.fullmatch(form.pattern, plainly, re.ASCII | re.IGNORECASE)
        if match is None:
            continue
        read = form.read(match, asked) if asked in form.where else form.ask
        if read is not None:
            return Typed(form.name, read) if isinstance(read, Number) else read
    return ALONE if any(letter.isdecimal() for letter in plainly) else WORDS


def beside_the_value(ask: str) -> str:
    """What to ask instead in a cell that may stay empty, such as a forecast's: it has no reason for a blank."""
    if ask in (EXACT, SYMBOL):
        return ONE
    return OR_EMPTY if "reason" in ask else ask


def _folded(text: str) -> str:
    """The text with single spaces, the digits 0 to 9, a hyphen for a minus, and no full-width letters."""
    line = " ".join(text.split()).translate(FOLDED)
    return "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in line)


def _with_symbols(match: Found, asked: Asked) -> Number | str | None:
    """`85% [p]`: a number with the symbols that stand before or after it; None where there are none."""
    marks = f"{match['before']}{match['after']}".lower()
    if not marks:
        return None
    inner = read_typed(match["inner"], asked)
    symbols = in_order({symbol for letter, symbol in SYMBOLS.items() if letter in marks})
    return inner if isinstance(inner, str) else replace(inner.number, symbols=symbols)


def _in_place(match: Found, asked: Asked) -> str:
    """`[x]`, or `3 [c]`: the reason for a blank that the symbol stands for."""
    symbol = SYMBOLS[match["letter"].lower()]
    reasons = " or ".join(f"“{reason}”" for reason in Reason if reason.shorthand is symbol)
    shown = f"; if the figure may be shown, type it without {symbol}" if re.search(r"\d", match[0]) else ""
    return f"{symbol} stands in place of a figure: clear the cell and choose the reason {reasons}{shown}."


def _in_brackets(match: Found, asked: Asked) -> Number | str:
    """`(1,234)`: what accountants write for a negative number."""
    inner = read_typed(match["inner"], asked)
    return inner if isinstance(inner, str) else Number(-inner.number.value)


FORMS = (
    # Numbers
    Form("text", rf"(?P<number>{FIGURE})", ALONE, frozenset(Asked), unsigned),
    Form("text", rf"(?P<number>{FIGURE}) ?(?:%|per ?cent)", ALONE, PERCENTS, percentage),
    Form("text", r"(?P<number>-? ?£ ?-?[\d.,]{1,40})", ALONE, POUNDS, number),
    Form("text", rf"(?P<number>{FIGURE}) ?(?:weeks?|wks?)", ALONE, frozenset({Asked.WEEKS}), number),
    Form(
        "short amount",
        rf"(?P<number>-? ?(?:£ ?)?[\d.,]{{1,20}}) ?(?P<scale>{'|'.join(SCALES)})",
        ALONE,
        frozenset({Asked.MONEY, Asked.AVERAGE}),
        scaled,
    ),
    Form(
        "negative in brackets",
        r"\( ?(?P<inner>(?:£ ?)?[\d.,]{1,30} ?(?:%|[a-z]{1,8})?) ?\)",
        ALONE,
        frozenset(Asked),
        _in_brackets,
    ),
    Form(
        "number written another way",
        r"\d[\d.]*e[+-]?\d+|-? ?(?:£ ?)?(?=\d+[.,'’٫٬ ]\d)[\d.,'’٫٬]+(?: \d{3})* ?%?",
        BRITISH,
    ),
    # Several numbers that make one
    Form("fraction", OUT_OF, ONE, frozenset({Asked.SHARE}), fraction),
    Form(
        "share with its fraction",
        rf"{SHARE} ?(?:\(|=|,) ?{OUT_OF} ?\)?",
        ONE,
        frozenset({Asked.SHARE}),
        share_with_fraction,
    ),
    Form(
        "fraction with its share",
        rf"{OUT_OF} ?(?:\(|=|,) ?{SHARE} ?\)?",
        ONE,
        frozenset({Asked.SHARE}),
        share_with_fraction,
    ),
    Form(
        "count with its share",
        rf"(?P<part>{WHOLE}) ?\( ?{SHARE} ?\)",
        ONE,
        frozenset({Asked.SHARE}),
        count_with_share,
    ),
    Form("sum", rf"{TERM}(?: ?\+ ?{TERM}){{1,9}}", ONE, frozenset({Asked.COUNT, Asked.MONEY}), total),
    # With the field's shorthand
    Form(
        "figure with a symbol",
        rf"(?P<before>(?:{MARK} ?)*)(?P<inner>.+?)(?P<after>(?: ?{MARK})*)",
        ALONE,
        frozenset(Asked),
        _with_symbols,
    ),
    Form("symbol without a figure", rf"(?:{MARK} ?)+", NO_FIGURE),
    Form(
        "symbol in place of a figure",
        r".*[\[(] ?(?P<letter>[zxc]) ?[\])].*",
        ALONE,
        frozenset(Asked),
        _in_place,
    ),
    Form("letter in round brackets", r".*\d.*\( ?[ru] ?\)", SQUARE),
    # Limits and estimates
    Form("limit", r"(?:[<>≤≥]|=[<>]).*", LIMIT),
    Form(
        "limit in words",
        (
            r"(?:(?:no )?(?:fewer|less|more|greater|higher|lower) than|under|over|below|above|up to|at (?:least|most)) "
            rf"{AMOUNT}.*|.*\d%? (?:or|and) (?:fewer|less|under|more|over|above|below)"
        ),
        LIMIT,
    ),
    Form(
        "estimate",
        (
            r"(?:[~≈]|(?:c|ca|circa|about|around|approx|approximately|roughly|nearly|almost|est|estimated?)\b\.?|c) ?"
            rf"-?{AMOUNT}.*|.*\d[%a-z]{{0,8}} ?(?:\+|\?|ish|approx\.?|est\.?|or so)"
        ),
        EXACT,
    ),
    # Words for nothing
    Form("word", "nil|none|zero", NIL_OR_BLANK, frozenset({Asked.COUNT}), nothing),
    Form("mark", r"-{1,3}|[–—*:?]|\.{1,3}|[cxz]|\[[a-z]\]", NIL_OR_BLANK),
    Form("error", r"#[A-Z][A-Z0-9_/]{1,14}[!?]?|err:\d{3}", ERROR),
    Form(
        "another KPI",
        (
            r"(?:as|see|same as|with|incl\.?|(?:included|reported|covered) (?:in|under|with|as|at|by)) "
            r"(?:for |the )?(?:kpi|ref|measure|row|[a-z]{1,4}\d{1,3})\b.*"
        ),
        ELSEWHERE,
    ),
    Form(
        "words for no data",
        (
            r"(?:n ?/ ?a|na|n\.a\.?|no|not|nil return|none|nothing|await(?:ing|ed)|pending|tb[acd]|to (?:be|follow)|"
            r"unknown|unavailable|unable|delayed|suppressed|withheld|see (?:comments?|notes?)|under review|"
            r"(?:data|figures?) (?:is |are |was |were )?(?:not|unavailable|awaited|pending|delayed|due|to follow))\b.*"
        ),
        BLANK,
    ),
    Form("symbol in words", r"(?=.*\d)(?:.*\W)?(?:prov|provisional|revised|low reliability)\b.*", SYMBOL),
    Form("several numbers", r"\D*\d[\d.,]*[^\d.,]\D*\d.*", ONE),
)
"""Every form that is known, in the order in which they are tried."""
