"""The quick way to read a part: whatever it reads, the parser's handlers read the same."""

from __future__ import annotations

import io
from pathlib import Path
from xml.parsers import expat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sendkpi_xl import cell_styles, cells, plain_parts, plain_sheet
from sendkpi_xl.cells import Book, Unreadable, read_book
from sendkpi_xl.links import is_linked
from sendkpi_xl.sheet_reader import SheetReader
from sendkpi_xl.text_reader import StringsReader
from tests.workbook_parts import MAIN, ONE_CELL, SHEET_PATH, STRINGS_PATH, STYLES_PATH, Parts, parts, zipped

REPOSITORY = Path(__file__).parents[1]
# A busy machine must not fail a test for being slow.
unhurried = settings(deadline=None, max_examples=300)


def read(data: bytes) -> Book | str:
    try:
        return read_book(data, "return.xlsx")
    except Unreadable as error:
        return str(error)


def slowly(data: bytes) -> Book | str:
    """What is read without the quick way."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cells, "read_sheet_plainly", lambda *_: None)
        patch.setattr(cells, "read_strings_plainly", lambda *_: None)
        patch.setattr(cell_styles, "formats_plainly", lambda _: None)
        return read(data)


def ways(made: Parts) -> list[str]:
    """Which parts of a workbook are read quickly."""
    quick: list[str] = []

    def noting(name: str, way: object) -> object:
        def note(*arguments: object) -> object:
            found = way(*arguments)  # type: ignore[operator]
            quick.extend([name] if found is not None else [])
            return found

        return note

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cells, "read_sheet_plainly", noting("sheet", plain_sheet.read_sheet_plainly))
        patch.setattr(cells, "read_strings_plainly", noting("strings", plain_parts.read_strings_plainly))
        patch.setattr(cell_styles, "formats_plainly", noting("styles", cell_styles.formats_plainly))
        read(zipped(made))
    return quick


STYLES = """<numFmts count="2">
<numFmt numFmtId="164" formatCode="&quot;£&quot;0"/><numFmt numFmtId="165" formatCode="d mmm"/></numFmts>
<cellXfs count="3">
<xf numFmtId="0" fontId="0"/><xf numFmtId="164"><alignment vertical="top"/></xf><xf numFmtId="165" /></cellXfs>
<dxfs><dxf><numFmt numFmtId="164" formatCode="0.000"/></dxf></dxfs>"""
STRINGS = [
    "<si><t>one</t></si>",
    '<si><t xml:space="preserve"> a &lt;5% &amp; £ </t></si>',
    "<si><t></t></si>",
    '<si><r><rPr><b/><sz val="11"/></rPr><t>rich </t></r><r><t xml:space="preserve">text_x000D_</t></r></si>',
    "<si><t>two\r\nlines\ror three</t></si>",
]


def test_what_our_programs_write_is_read_quickly() -> None:
    """Each part of each workbook of this repository, which Excel's like and LibreOffice have saved."""
    paths = [*REPOSITORY.glob("inputs/**/*.xlsx"), *REPOSITORY.glob("templates/**/*.xlsx")]
    assert len(paths) > 10
    for path in paths:
        data = path.read_bytes()
        assert read(data) == slowly(data)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(SheetReader, "_start_cell", None)
            patch.setattr(StringsReader, "start", None)
            assert isinstance(read(data), Book)


def test_plain_parts_are_read_quickly() -> None:
    """All three kinds, without blanks between their tags."""
    strings, styles = "".join(STRINGS), STYLES
    assert ways(parts('<row r="1"><c r="A1" s="1" t="s"><v>0</v></c></row>', strings, styles)) == [
        "strings",
        "styles",
        "sheet",
    ]


@pytest.mark.parametrize(
    ("rows", "quickly"),
    [
        ('<row r="1"/><row r="2" hidden="1"/><row r="3"><c r="A3"><v>1</v></c></row><row r="4" hidden="1"/>', True),
        ('<row r="3"><c r="A3"><v>1</v></c></row><row r="4"/><row r="5" hidden="1"/><row r="6"></row>', True),
        ('<row r="2" hidden="1"><c r="A2" s="1"/><c r="B2"/></row><row r="3"><c r="A3"><v>1</v></c></row>', True),
        ('<row r="3"><c r="A3"><v>1</v></c></row><row r="4"><c r="A4"><v>2</v></c>', False),
        ('<row r="3"><c r="A3"><v>1</v></c></row><row r="4"/><row r="5">', False),
        ('<row r="3"/></row><row r="4"><c r="A4"><v>1</v></c></row>', False),
        ('<row r="3"><c r="A3"><v>1</v></c></row>4', False),
    ],
)
def test_rows_without_cells(rows: str, quickly: bool) -> None:
    """Empty rows before, between and after the others are passed over, and count when they are hidden."""
    made = parts(rows)
    assert ("sheet" in ways(made)) is quickly
    assert read(zipped(made)) == slowly(zipped(made))


def test_formulas_of_a_sheet_before_are_known() -> None:
    """Those that differ from them in digits alone are left out too; one with a line break is not made of known ones."""
    known: set[bytes] = set()
    row = '<row r="1"><c r="A1"><f>{}</f></c></row>'.format
    texts = [
        "IF(A1=&quot;[x]S!A1&quot;,1,2)",
        "IF(A7=&quot;[x]S!A1&quot;,8,9)",
        "LEN(&quot;\nIF(A7=&quot;[x]S!A1&quot;,8,9)",
    ]
    formulas = [*texts, "IF(B1=1,\n2)", "[1]S!A1"]
    left_out = [b"<f></f>" in plain_sheet.without_formulas(row(formula).encode(), known) for formula in formulas]
    assert left_out == [True, True, False, True, False]
    assert [is_linked(plain_parts.plain_text(formula)) for formula in formulas] == [False, False, True, False, True]
    assert known == {b"IF(A0=&quot;[x]S!A0&quot;,0,0)"}


NO_FORMATS = (
    ('<numFmts count="0" />', True),
    ("<numFmts/>", True),
    ("", True),
    ('<numFmts count="0"></numFmts>', True),
    ('<numFmts a=">" />', False),
    ("<numFmts a='0' />", False),
    ("<numFmts/><numFmts/>", False),
)


@pytest.mark.parametrize(("formats", "quickly"), NO_FORMATS)
def test_styles_without_formats_of_their_own(formats: str, quickly: bool) -> None:
    """openpyxl writes an empty list of formats, others none: the styles are read quickly where that is sure."""
    styles = f'{formats}<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" fontId="0"/></cellXfs>'
    made = parts('<row r="1"><c r="A1" s="1"><v>44377</v></c></row>', styles=styles)
    assert ("styles" in ways(made)) is quickly
    book = read(zipped(made))
    assert book == slowly(zipped(made))
    assert isinstance(book, Book)
    assert book.sheets[0].cells[1, 1].date == "30 June 2021"


@pytest.mark.parametrize(
    "cited",
    [
        '<xf numFmtId="0"><xf numFmtId="14"/></xf><xf numFmtId="14"/>',
        '<xf numFmtId="0"><alignment/><protection /></xf>\n<xf numFmtId="14"/>',
        '<xf numFmtId="0"><extLst><ext><xf numFmtId="9"/></ext></extLst></xf><xf numFmtId="14"/>',
        '<xf fontId="0" numFmtId="0"/><xf numFmtId="14"/>',
        '<xf/><xf numFmtId="14"/>',
        '<!--/></a>--><xf numFmtId="0"/><xf numFmtId="14"/>',
    ],
)
def test_what_styles_cite_is_read_alike(cited: str) -> None:
    """Elements inside a style, attributes in another order, comments: each style cites its own format."""
    made = zipped(parts('<row r="1"><c r="A1" s="1"><v>44377</v></c></row>', styles=f"<cellXfs>{cited}</cellXfs>"))
    book = read(made)
    assert book == slowly(made)
    assert isinstance(book, Book)
    assert book.sheets[0].cells[1, 1].number_format == "dd/mm/yyyy"


@pytest.mark.parametrize(
    ("before", "after", "slow_format"),
    [
        ("", "</b>", "d mmm"),
        ("</b>", "", "General"),
        ("<b>&c;</b>", "", "General"),
        ("<b c=d/>", "", "General"),
    ],
)
def test_styles_are_good_whatever_is_wrong_around_them(before: str, after: str, slow_format: str) -> None:
    """The quick way knows the formats of styles that are damaged before them or after; the handlers, those before."""
    made = parts('<row r="1"><c r="A1" s="2"><v>1</v></c></row>', styles=f"{before}{STYLES}{after}")
    formats = [
        book.sheets[0].cells[1, 1].number_format
        for book in (read(zipped(made)), slowly(zipped(made)))
        if isinstance(book, Book)
    ]
    assert formats == ["d mmm", slow_format]


@pytest.mark.parametrize("declaration", ["", '<?xml version="1.0" encoding="UTF-8"?>', "\ufeff"])
@pytest.mark.parametrize("around", ["<?a {}?>", "<!--{}-->", "<a><![CDATA[{}]]></a>"])
def test_styles_where_no_elements_are(declaration: str, around: str) -> None:
    """In a processing instruction, a comment or plain characters, what looks like styles is none."""
    text = around.format('<cellXfs><xf numFmtId="9"/></cellXfs>')
    styles = f'{declaration}<styleSheet>{text}<cellXfs><xf fontId="0" numFmtId="2"/></cellXfs></styleSheet>'
    alone = f"{declaration}<styleSheet>{text}</styleSheet>"
    for content, expected in ((styles, "0.00"), (alone, "General")):
        book = read(zipped(parts('<row r="1"><c r="A1" s="0"><v>1</v></c></row>') | {STYLES_PATH: content}))
        assert isinstance(book, Book)
        assert book.sheets[0].cells[1, 1].number_format == expected


@unhurried
@given(st.data())
def test_damaged_styles_never_give_another_format(draw: st.DataObject) -> None:
    """Styles with a piece cut out, doubled or changed: a format that both ways know is the same."""
    declaration = draw.draw(st.sampled_from(["", '<?xml version="1.0" encoding="UTF-8"?>']))
    text = f"{declaration}<styleSheet>{STYLES}</styleSheet>"
    begin = draw.draw(st.integers(0, len(text)))
    end = draw.draw(st.integers(begin, min(len(text), begin + 12)))
    signs = ["", "<", ">", "/>", '"', "&", "&b;", "&#1;", "]]>", " ", "é", "\x01", "<!--", "-->", "<?", "?>", "</b>"]
    between = draw.draw(st.sampled_from([*signs, "<cellXfs/>", "<numFmts>", text[begin:end] * 2]))
    rows = '<row r="1"><c r="A1" s="0"><v>1</v></c><c r="B1" s="1"><v>1</v></c><c r="C1" s="2"><v>1</v></c></row>'
    damaged = (text[:begin] + between + text[end:]).encode()
    data = zipped(parts(rows, styles=STYLES) | {STYLES_PATH: damaged})
    quick, slow = read(data), slowly(data)
    if isinstance(quick, str) or isinstance(slow, str):
        assert quick == slow
        return
    for place, cell in slow.sheets[0].cells.items():
        assert cell.number_format in {quick.sheets[0].cells[place].number_format, "General"}


def test_styles_are_remembered_by_their_bytes() -> None:
    """Two workbooks whose styles differ in one digit are read each with its own, in any order."""
    row = '<row r="1"><c r="A1" s="0"><v>0.5</v></c></row>'
    percent, money = (zipped(parts(row, styles=f'<cellXfs><xf numFmtId="{number}"/></cellXfs>')) for number in (9, 2))
    books = [read(data) for data in (percent, money, percent, money)]
    assert [book.sheets[0].cells[1, 1].number_format for book in books if isinstance(book, Book)] == [
        *("0%", "0.00", "0%", "0.00"),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"> <c r="A1"><v>1</v></c></row>',
        '<row r="1"><c s="1" r="A1"><v>1</v></c></row>',
        '<row r="1"><c><v>1</v></c></row>',
        '<row><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><!-- --><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v><![CDATA[1]]></v></c></row>',
        '<row r="1"><c r="A1"><v>1e999</v></c></row>',
        '<row r="1"><c r="A1"><v>1e</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>1</v></c></row>',
        '<row r="1" r="1"><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><f a="" a="">1</f><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="str"><v>&nbsp;</v></c></row>',
        '<row r="1"><c r="A1" t="str"><v>a\x01</v></c></row>',
        '<row r="1"><c r="A1" t="str"><v>]]></v></c></row>',
        '<row r="1"><c r="A1" t="str"><v>\ufffe</v></c></row>',
        '<row r="1"><c r="XFE1"><v>1</v></c></row>',
        '<row r="1"><c r="AAAA1"><v>1</v></c></row>',
        '<row r="1"><c r="A1048577"><v>1</v></c></row>',
        '<row r="1048577"><c r="A1048577"><v>1</v></c></row>',
        '<row r="0"><c r="A0"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="0"><c r="A0"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048577"><c r="A1048577"><v>1</v></c></row>',
        '<row r="1"><c r="A2"><v>1</v></c></row>',
        '<row r="1"><c r="A1" s="1" s="1"/><c r="B1"><v>1</v></c></row>',
        '<row r="1"><c r="A1" x="1"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="str"><f>1</f><is><t>a</t></is></c></row>',
        f'<row r="1"><c r="A1"><v>{"9" * 400}</v></c></row>',
        '<row r="1"><c r="A1"><v>1-2</v></c></row>',
        '<c r="A1"><v>1</v></c>',
        '<row r="1"/><c r="A1"/>',
        '<row r="1"><row r="2"><c r="A1"><v>1</v></c></row></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row></sheetData><sheetData><row r="2"><c r="A2"><v>2</v></c></row>',
    ],
)
def test_what_is_not_plain_is_left_to_the_handlers(rows: str) -> None:
    """Unusual, doubtful and broken sheets: they alone read or refuse it."""
    made = parts(rows)
    assert ways(made) == []
    assert read(zipped(made)) == slowly(zipped(made))


@pytest.mark.parametrize(
    ("path", "content"),
    [
        (STRINGS_PATH, "<sst><si><t>a</t></si><si/></sst>"),
        (STRINGS_PATH, "<sst><si/><si><t>a</t></si></sst>"),
        (STRINGS_PATH, "<sst><x><si><t>a</t></si></x></sst>"),
        (STRINGS_PATH, "<sst><si><t>a</t></si><x:si><t>b</t></x:si></sst>"),
        (STRINGS_PATH, '<sst a="" a=""><si><t>a</t></si></sst>'),
        (STRINGS_PATH, '<sst><si><r><rPr><b a="" a=""/></rPr><t>a</t></r></si></sst>'),
        (STYLES_PATH, f"<a>{STYLES}"),
        (STYLES_PATH, f"<a><cellXfs/>{STYLES}</a>"),
        (STYLES_PATH, f'<a b=">">{STYLES}</a>'),
        (SHEET_PATH, f"<a><sheetData><row r='1'/></sheetData>{'<b>' * 64}{'</b>' * 64}</a>"),
        (SHEET_PATH, f"<a><sheetData>{ONE_CELL}</sheetData>{'<b>' * 63}{'</b>' * 63}<c><d/></c><e>/</e></a>"),
        (SHEET_PATH, f"<a><sheetData>{ONE_CELL}</sheetData>{'<b>' * 9_999}{'</b>' * 9_999}</a>"),
        (SHEET_PATH, "<a><b><sheetData><row r='1'><c r='A1'><v>1</v></c></row></sheetData></b></a>"),
        (SHEET_PATH, "<a><x:sheetData/><sheetData><row r='1'><c r='A1'><v>1</v></c></row></sheetData></a>"),
        (SHEET_PATH, '<a b="?>"><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></a>'),
    ],
)
def test_parts_around_which_something_is_unusual(path: str, content: str) -> None:
    """What stands before or after the cells, texts or styles."""
    made = parts('<row r="1"><c r="A1" s="1" t="s"><v>0</v></c></row>', "<si><t>a</t></si>", STYLES) | {path: content}
    assert read(zipped(made)) == slowly(zipped(made))


ATTRIBUTES = [
    "",
    ' s="1"',
    ' s="2"',
    ' t="s"',
    ' s="1" t="str"',
    ' t="b"',
    ' t="e"',
    ' t="n"',
    ' s="2" cm="1"',
    ' t="inlineStr"',
]
FORMULAS = ["", "", "", "<f>A1</f>", "<f/>", '<f aca="false">[1]S!A1</f>', '<f t="shared" si="0">[1]S!A1</f>']
FORMULAS += ['<f t="shared" si="0"/>', '<f t="array" ref="A1:B2">1&lt;2</f>', '<f ref="A1:B2" t="array">[1]S!A1</f>']
VALUES = [
    "",
    "<v></v>",
    "<v/>",
    "<v />",
    "<v>0</v>",
    "<v>1</v>",
    "<v>45000.5</v>",
    "<v>-1.5E-7</v>",
    "<v>4</v>",
    "<v>99</v>",
]
VALUES += [
    "<v>#REF!</v>",
    "<v>a &amp; b</v>",
    "<v>a&#10;b</v>",
    "<v> 1 </v>",
    "<v>&#49;</v>",
    "<v>+1</v>",
    "<v>_x0041_ é</v>",
]
VALUES += [
    "<is><t>text</t></is>",
    '<is><t xml:space="preserve"> a\r\n</t></is>',
    "<is><t/></is>",
    "<is><r><t>a</t></r></is>",
]
CELLS = st.builds(
    '<c r="{}{}"{}{}'.format,
    st.sampled_from("ABCD"),
    st.integers(1, 5),
    st.sampled_from(ATTRIBUTES),
    st.one_of(
        st.sampled_from(["/>", " />"]),
        st.builds(">{}{}</c>".format, st.sampled_from(FORMULAS), st.sampled_from(VALUES)),
    ),
)
ROWS = st.builds(
    '<row r="{}"{}>{}</row>'.format,
    st.integers(1, 9),
    st.sampled_from(["", ' spans="1:5"', ' hidden="1"', ' hidden="false" ht="15"']),
    st.lists(CELLS, max_size=5).map("".join),
)
AROUND = st.sampled_from(
    [
        *("", "<mergeCells><mergeCell ref='A1:B2'/></mergeCells>", "<x><y a='/>'/></x>", "<x>></x>", "<x><y/>1</x>"),
        *("<!--/></x-->", "<!--/><x-->", "<x><![CDATA[</a>]]></x>", "<x><![CDATA[/>]]></x>", "<?a <b/?>"),
    ]
)
BEFORE = st.sampled_from(
    [
        *("", '<cols><col min="2" max="3" hidden="1"/></cols>', '<cols><col hidden="false"/></cols>'),
        *("<!--/></x--><!--/><x-->", "<!--/><sheetData>-->", "<!--/>"),
    ]
)


@unhurried
@given(st.lists(ROWS, min_size=1, max_size=5), BEFORE, AROUND, st.permutations(STRINGS), st.sampled_from([1, 99, 9999]))
def test_both_ways_read_the_same(rows: list[str], before: str, after: str, strings: list[str], piece: int) -> None:
    """Sheets of all the forms that programs write, matched in pieces of any size."""
    sheet = f'<worksheet xmlns="{MAIN}">{before}<sheetData>{"".join(rows)}</sheetData>{after}</worksheet>'
    data = zipped(parts("", "".join(strings), STYLES) | {SHEET_PATH: sheet})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain_parts, "SLICE", piece)
        assert read(data) == slowly(data)


@unhurried
@given(st.data())
def test_both_ways_agree_on_damaged_sheets(draw: st.DataObject) -> None:
    """A sheet with pieces of it cut out, doubled or changed."""
    sheet = io.StringIO()
    sheet.write(f'<worksheet xmlns="{MAIN}"><sheetData>')
    sheet.write('<row r="1" spans="1:5"><c r="A1" s="1" t="s"><v>0</v></c>')
    sheet.write('<c r="B1"><f t="array" ref="B1:B2">1</f><v>2</v></c></row>')
    sheet.write('<row r="2"><c r="B2" t="str"><v>a &amp; b</v></c><c r="C2"/></row></sheetData><x/></worksheet>')
    text = sheet.getvalue()
    begin = draw.draw(st.integers(0, len(text)))
    end = draw.draw(st.integers(begin, min(len(text), begin + 12)))
    between = draw.draw(
        st.sampled_from(["", "<", ">", "/>", '"', "&", "]]>", " ", "é", "\x01", '<c r="A9"/>', text[begin:end] * 2])
    )
    data = zipped(parts("", "".join(STRINGS), STYLES) | {SHEET_PATH: text[:begin] + between + text[end:]})
    assert read(data) == slowly(data)


IN_FORMULAS = st.lists(
    st.sampled_from(
        [
            *(
                "&quot;",
                "&quot;",
                '"',
                "'",
                "&apos;",
                "[p]",
                "[1]S!A1",
                "[x.xlsx]S",
                "!",
                "A1",
                "IF(",
                "INDIRECT(",
                ")",
            ),
            *("&quot;[p]&quot;", "&quot; &quot;", "&quot;(&quot;", "&amp;", "&lt;", "&gt;", ">", "\n", "WEBSERVICE("),
            *("__xludf.DUMMYFUNCTION(", "&quot;IMPORTRANGE(&quot;", "Table1[Column]", "'[x.xlsx]S 1'!B2", "_xll.", "|"),
            *("&quot;://&quot;", "7", ",", ")"),
        ]
    ),
    min_size=1,
    max_size=8,
).map("".join)


@unhurried
@given(st.lists(IN_FORMULAS, min_size=1, max_size=4))
def test_formulas_are_left_out_only_where_none_is_linked(formulas: list[str]) -> None:
    """Brackets and addresses of the web in texts are no links; whatever may be one is looked at by itself."""
    cells = [f'<c r="A{row}"><f>{formula}</f><v>1</v></c>' for row, formula in enumerate(formulas, 1)]
    rows = "".join(f'<row r="{row}">{cell}</row>' for row, cell in enumerate(cells, 1))
    if plain_sheet.without_formulas(rows.encode(), set()) != rows.encode():
        assert not any(is_linked(plain_parts.plain_text(formula)) for formula in formulas)
    data = zipped(parts(rows))
    assert read(data) == slowly(data)


@pytest.mark.parametrize(
    ("formula", "left_out"),
    [
        ("IF(A1=&quot;[p]&quot;,&quot;x|y&quot;,1)", True),
        ('IF(A1="[p]","://",1)', True),
        ("IF(A1=&quot;[p] (so far)&quot;,LEN(&quot;[&quot;),1)", True),
        ("[1]S!A1", False),
        ("IF(A1=&quot;a&quot;,[1]S!A1,&quot;b&quot;)", False),
        ("INDIRECT(&quot;[x.xlsx]S!A1&quot;)", False),
        ("&apos;[x.xlsx]S 1&apos;!A1", False),
        ("LEN(&quot;)&amp;[1]S!A1", True),
        ("1<2", False),
        ("1&nbsp;2", False),
        ("LEN(&quot;(&quot;)&amp;[1]S!A1", False),
        ("&apos;a&quot;b&apos;!A1&amp;[1]S!A1&amp;&quot;[p]&quot;", False),
        ("IF(A1>&quot;[p]&quot;,1,2)", False),
        ("IF(A1=&quot;[p]\n&quot;,1,2)", False),
    ],
)
def test_brackets_in_the_texts_of_formulas(formula: str, left_out: bool) -> None:
    """Shorthand such as [p] is no link, and does not slow the reading down."""
    rows = f'<row r="1"><c r="A1"><f>{formula}</f><v>1</v></c></row>'
    assert (b"<f></f>" in plain_sheet.without_formulas(rows.encode(), set())) is left_out


@pytest.mark.parametrize(
    ("piece", "without"),
    [
        ('<a b="1" c="x &amp; y"><d e=""/>text</a>', '<a b="" c=""><d e=""/>text</a>'),
        ('<?xml version="1.0" encoding="UTF-8"?><a b="1"/>', '<?xml version="1.0" encoding="UTF-8"?><a b=""/>'),
        ('<f>IF(A1="a",1,"b")</f>', '<f>IF(A1="",1,"")</f>'),
        ("<a b='1'/>", "<a b='1'/>"),
        ("<a b='\"1\"'/>", "<a b='\"\"'/>"),
        ("<a b='\"' c='\"'/>", None),
        ('<f>LEN("</f><g a="1"/>', None),
        ('<a b="it\'s"/>', None),
        ('<a b="1"/>"', None),
        ('<a b="&c;"/>', None),
        ('<a b="\x01"/>', None),
        ('<a b="\ufffe"/>', None),
    ],
)
def test_values_of_attributes_are_taken_out(piece: str, without: str | None) -> None:
    """What stands between quotation marks, unless a mark may be without its partner or something is no plain text."""
    assert plain_parts.without_values(piece.encode()).decode() == (piece if without is None else without)


def test_values_that_are_no_text_are_left() -> None:
    """Bytes that are not UTF-8."""
    assert plain_parts.without_values(b'<a b="\xff"/>') == b'<a b="\xff"/>'


def is_well_formed(piece: bytes) -> bool:
    try:
        expat.ParserCreate().Parse(piece, True)
    except expat.ExpatError:
        return False
    return True


PIECES = st.sampled_from(
    [
        *('<a b="', '"', '"', '">', "'", "<a b='", "'>", '"/>', "<a>", "</a>", "<a/>", ' c="', " c='", "=", ">"),
        *("&lt;", "&", "]]>", "]]", " ", "x", '"x"', "é", "\x01", "\t", "/", "<"),
    ]
)


@settings(deadline=None, max_examples=2_000)
@given(st.lists(PIECES, max_size=9).map("".join), st.sampled_from(["", "\n", '"', '""', ' "x"']))
def test_a_piece_without_values_is_well_formed_just_when_the_piece_is(middle: str, end: str) -> None:
    """Quotation marks in tags and texts, alone and in pairs, and all that XML may not have."""
    piece = f'<a b="1">{middle}</a>{end}'.encode()
    assert is_well_formed(plain_parts.without_values(piece)) is is_well_formed(piece)
