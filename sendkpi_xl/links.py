"""Whether a formula takes its value from outside its workbook: another workbook, a server, an add-in."""

from __future__ import annotations

import re

# Functions that fetch from elsewhere or run a program's own code. Google Sheets wraps its own in a text:
# IFERROR(__xludf.DUMMYFUNCTION("IMPORTRANGE(""…"")"), "17").
FETCHING = (
    "WEBSERVICE|IMPORT(?:RANGE|XML|HTML|DATA|FEED)|GOOGLEFINANCE|STOCKHISTORY|RTD|DDE|CALL|REGISTER\\.ID|SQL\\.REQUEST"
    "|CUBE(?:KPIMEMBER|MEMBER|MEMBERPROPERTY|RANKEDMEMBER|SET|SETCOUNT|VALUE)"
)
NAME = r"""(?:[^\s!()\[\]{},;:"'+*/^&=<>-]++)"""
# A text, to the end of its line where it has none; and the functions in which a text may be a link.
TEXT = re.compile(r'"[^"\n]*+"?')
BY_TEXT = ("INDIRECT", "DUMMYFUNCTION")
OUTSIDE = ("[", "\\", "://")
# Most formulas hold none of these and need no closer look. A formula's functions are stored in capitals. Beside each
# sign stands its rarest letter, which is looked for first: one letter is found much faster than several.
SIGNS = (
    *(("[", "["), ("|", "|"), ("\\", "\\"), ("/", "://"), ("_", "_xll."), ("W", "WEBSERVICE"), ("P", "IMPORT")),
    *(("G", "GOOGLEFINANCE"), ("K", "STOCKHISTORY"), ("D", "RTD("), ("D", "DDE("), ("C", "CALL("), ("C", "CUBE")),
    *(("G", "REGISTER.ID("), ("Q", "SQL.REQUEST(")),
)
# A formula's pieces, each of which is passed over whole, so that what stands in a text is no reference. A quotation
# mark without its partner takes all the rest with it: no formula makes this look at a letter again and again.
PIECE = re.compile(
    r"""
      "(?P<text>(?:[^"]|"")*+)"?                               # "a ""quoted"" text"
    | (?<![\w.])(?P<dde>[\w.]++\|(?:'(?:[^']|'')*+'|[^\s!'"|]++)!)   # Excel|'[x.xlsx]Sheet'!R1C1
    | '(?P<sheet>(?:[^']|'')*+)'!                              # 'C:\folder\[x.xlsx]Sheet 1'!A1
    | '(?:[^']|'')*+'?
    | (?P<book>\[(?:[^\[\]"']++|'[^\[\]"']++')\]NAME?+(?::NAME)?+!)   # [1]Sheet!A1, [1]First:Last!A1, ['file']Sheet!A1
    | \[(?:'.|[^\[\]'])*+\]?                                   # Table1[Column]
    | (?P<addin>_xll\.)
    | (?<![\w.])(?:_xlfn\.)?(?P<fetching>(?:FETCHING)\()
    | (?<![\w.])(?P<wrapped>__xludf\.DUMMYFUNCTION\("(?:FETCHING)\()
    | (?<![\w.])(?P<indirect>INDIRECT\("[^"\]]*+\][^"]*+")       # INDIRECT("'[x.xlsx]Sheet 1'!A1")
    """.replace("FETCHING", FETCHING).replace("NAME", NAME),
    re.VERBOSE,
)


def may_be_linked(formula: str) -> bool:
    """Whether a formula could be linked: quick, and never False where it is. No digit matters to it."""
    # Without a generator, which would take as long again: thousands of formulas are looked at.
    for letter, sign in SIGNS:  # noqa: SIM110
        if letter in formula and sign in formula:
            return True
    return False


def are_unlinked(formulas: str) -> bool:
    """Whether it is sure that none of some formulas, one in each line, is linked: signs of it are in texts alone.

    They are as XML has them. Also False where a text may be more than that: a part of a quoted name of a sheet, a place
    that is made up of texts.
    """
    mark = '"' if '"' in formulas else "&quot;"
    pieces = formulas.replace("&quot;", mark).split(mark)
    # Where each line has both marks of each text, every second piece is a text: found much quicker than by a pattern.
    # No sign of a link goes beyond one piece, and one of those that are the same is enough.
    whole = len(pieces) % 2 and "\n" not in "".join(pieces[1::2])
    bare = '"'.join(set(pieces[::2])) if whole else TEXT.sub('""', formulas.replace("&quot;", '"'))
    return not ("'" in bare or "&apos;" in bare or any(name in bare for name in BY_TEXT) or may_be_linked(bare))


def is_linked(formula: str) -> bool:
    """Whether a formula, as stored and without its first `=`, takes its value from outside its workbook.

    That is a cell or name of another workbook, a DDE server, a web address or a data feed, or an add-in's
    function. A reference to another sheet or to a table's column is none of these.
    """
    if not may_be_linked(formula):
        return False
    for piece in PIECE.finditer(formula):
        kind = piece.lastgroup
        if kind in {"text", None}:
            continue
        # No sheet of this workbook has one of these in its name, but every path and every other workbook has.
        if kind != "sheet" or any(sign in piece["sheet"] for sign in OUTSIDE):
            return True
    return False
