"""What a comment should not hold: each kind found where it stands, and nothing found in what leads really write."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendkpi_xl.cells import Kind, read_book
from sendkpi_xl.comment_text import KINDS, mis_encoded, personal_data, unseen
from tests.published import published_headlines, published_rows

ROOT = Path(__file__).resolve().parent.parent
LONGEST_CELL = 32_767

# Telephone numbers are those that Ofcom keeps for drama, NHS numbers those that begin with 999 and are never given out.
HOLDS = {
    "an e-mail address": """
        Ask jo.bloggs@example.org first.
        (team+send@mail.example.co.uk)
        <o'neil@example.com>, please
    """,
    "a postcode": """
        moved to SW1A 1AA in May
        now at KT1 1EU.
        kt11eu
        (Kt2 5rh)
        GIR 0AA
    """,
    "a phone number": """
        call 020 7946 0123
        (020) 7946 0123
        call 02079460123.
        0161 496 0123
        01632 960123
        01632 960 123
        01632-96-01-23
        mother on 07700 900123
        07700 900 123
        07700900123
        0770 090 0123
        +44 7700 900123
        +44 (0)20 7946 0123
        0044 7700 900123
        03069 990123
        01204 62083
    """,
    "an NHS number": """
        NHS no. 999 000 0018
        999-000-0018
        9990000018
    """,
    "a unique pupil number": """
        UPN A123456789012
        a123456789012 is out of school
        A 123 4567 89 012
        (E12345678901X)
    """,
    "a date of birth": """
        born on 12/03/2014
        born 12.3.14
        Born on the 3rd of March 2014
        DOB: 12 March 2014
        D.O.B. 2014-03-12
        date of birth is 12-03-2014
        Date of Birth (March 12, 2014)
        12/03/2014 (DOB)
    """,
}


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


CASES = [(name, text) for name, texts in HOLDS.items() for text in lines(texts)]


@pytest.mark.parametrize(("name", "text"), CASES, ids=[text for _, text in CASES])
def test_personal_data_is_named_by_its_kind(name: str, text: str) -> None:
    """Each way of writing it is found, as this kind and as no other."""
    assert personal_data(text) == (name,)


def test_every_kind_is_tried() -> None:
    """The cases above are of every kind that there is."""
    assert [kind.name for kind in KINDS] == list(HOLDS)


def test_several_kinds_are_each_named_once() -> None:
    """One comment may hold several kinds; a kind that stands there twice is named once."""
    text = "Born 12/03/2014; call 020 7946 0123 or 07700 900123,\nor mail jo@example.org"
    assert personal_data(text) == ("an e-mail address", "a phone number", "a date of birth")


def test_no_break_spaces_and_line_ends_hide_nothing() -> None:
    """Numbers are found whatever space their groups are set apart by."""
    assert personal_data("999\u00a0000\u00a00018") == ("an NHS number",)
    assert personal_data("07700\n900123, SW1A\u202f1AA") == ("a postcode", "a phone number")
    assert personal_data("020 7946\u20110123") == ("a phone number",)


HARMLESS = lines("""
    £31,679,272 against £30,112,456 in 2020/21
    £9990000018 in all, or £ 9990000018
    9,990,000,018 and 9990000018.5 and 9990000018%
    0123456789012345678901
    0.07700900123
    115/1030 = 11.2%, 6 out of 8, 20 (10.5%)
    42 for full academic year 2020/21; 2021-22-Q1; FY 2021-22
    01/04/2021 - 30/06/2021, 01-04-2021 30-06-2021
    The board met on 12 March 2021, and meets on 07/09/2021 at 09.30.
    0-25 year olds; 0 20 40 60 80 100 120
    as KPI 55; see WS1 2.3, SPB 4 and K01; rows 12 to 30
    KS1 2nd year, WS1 2nd meeting, ws1 4th meeting, Q1 3rd week
    EHCP, EHC, SEN2, SEND, EY, PfA, Y11, Y12 3 pupils, KS4 5AC, SEMH, NEET, CYP, AAP
    M1 2wk, E1 year, N 12 of 40
    1 @ £45,000; 3@2.5; @achievingforchildren
    Children born between 01/09/2015 and 31/08/2016, or born on or after 1 September 2016
    born in 2014; born in May 2014; newborn 12/03/2014; date of birth missing in 3 cases
    DOB recorded for 97%; reports due 12/03/2021, date of birth recorded
    999 000 0019
    123 456 7890
    777 777 7777
    B123456789012
    A1234567890123
    IO12345678901
    jo@example
    Phone 101, 111 or 999; 0800 1111
    07700 90012
    077009001234
""")


@pytest.mark.parametrize("text", HARMLESS)
def test_figures_dates_and_terms_of_the_field_are_no_personal_data(text: str) -> None:
    """Money, years, refs, meetings and numbers with a wrong check digit raise no alarm."""
    assert personal_data(text) == ()


MIS_ENCODED = (
    "cafÃ©",
    "it doesnâ€™t",
    "it doesn\u00e2\u0080\u0099t",
    "\u00e2\u0080\u0093 a dash",
    "â€œquotedâ€\u009d",
    "Â£31,679",
    "5Â\u00a0weeks",
    "âœ“",
    "â‰¤ 5",
    "voilÃ\u00a0",
    "Ä‡",
    "Å‚",
    "ðŸš\u008c",
    "ï»¿First",
    "caf\ufffd",
    "ï¿½",
    "Ã¢â‚¬â„¢",
)


@pytest.mark.parametrize("text", MIS_ENCODED)
def test_text_that_was_decoded_wrongly_is_known(text: str) -> None:
    """Letters that came through the wrong encoding are told by the pairs that they make."""
    assert mis_encoded(text)


WELL_ENCODED = (
    "",
    "café, naïve, Zoë, Łukasz, Señor, Ångström, Çelik, Đặng",
    "CAFÉ… “CAFÉ” CAFÉ– É™",
    "MAÇÃ” and NÃO… Â” Â» «Â»",
    "“le café…”, “pâté”",
    "it doesn’t – £31,679 – 5\u00a0weeks – ≤ 5 – ✓ – €20 – ½ – 20°",
    "Âge, ÃO, Å, Äpfel, ÅSA",
    "🚌 👩\u200d🏫",
    "Ελλάδα, Україна, العربية, 中文, Tiếng Việt",
)


@pytest.mark.parametrize("text", WELL_ENCODED)
def test_accents_are_no_wrong_encoding(text: str) -> None:
    """Names and words of other languages, typographic signs and emoji are what they are."""
    assert not mis_encoded(text)


@given(st.sampled_from("é£’“–…ñçü€½°áà").map(lambda letter: f"a{letter}b"), st.sampled_from(["cp1252", "latin-1"]))
def test_every_usual_letter_is_known_when_it_was_decoded_wrongly(text: str, encoding: str) -> None:
    """UTF-8 that is read as Windows or Latin text is known, and the text itself is fine."""
    assert mis_encoded(text.encode().decode(encoding, "replace"))
    assert not mis_encoded(text)


UNSEEN = {
    "NUL": "a\x00b",
    "bell": "a\x07b",
    "vertical tab": "a\x0bb",
    "delete": "a\x7fb",
    "C1 control": "a\x85b",
    "zero-width space": "a\u200bb",
    "left-to-right mark": "\u200e12/03/2021",
    "right-to-left override": "total \u202e 24",
    "isolate": "\u2067a\u2069",
    "word joiner": "a\u2060b",
    "byte order mark": "\ufeffa",
    "joiner between letters": "a\u200db",
    "joiner at the end": "🚌\u200d",
    "non-joiner before a letter": "🚌\u200ca",
    "Hangul filler": "\u3164",
    "tag letters": "a\U000e0061\U000e0062",
}


@pytest.mark.parametrize("text", UNSEEN.values(), ids=UNSEEN)
def test_letters_that_cannot_be_seen_are_known(text: str) -> None:
    """Controls, zero widths, directions and fillers are told, wherever they stand."""
    assert unseen(text)


SEEN = {
    "nothing": "",
    "lines": "one\ntwo\r\nthree\rfour\u2028five",
    "tab": "one\ttwo",
    "no-break space": "5\u00a0weeks, 1\u202f234",
    "soft hyphen": "work\u00adstream",
    "emoji with joiners": "👩\u200d🏫 👨🏽\u200d👩🏽\u200d👧 🏳️\u200d🌈 ❤️",
    "flag with tags": "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "joiners in Persian and Hindi": "می\u200cشود क्\u200dष",
    "Arabic and Hebrew": "العربية עברית",
    "combining accents": "e\u0301",
}


@pytest.mark.parametrize("text", SEEN.values(), ids=SEEN)
def test_letters_that_do_their_work_are_let_be(text: str) -> None:
    """Line ends, tabs, spaces, emoji and scripts that need joiners hold nothing unseen."""
    assert not unseen(text)


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"], exclude_characters="\u115f\u1160\u3164\uffa0")))
def test_letters_digits_and_signs_can_all_be_seen(text: str) -> None:
    """Nothing that prints is called unseen."""
    assert not unseen(text)


# Text as it is


def workbook_texts() -> list[str]:
    """Every text in every workbook of the repository's own round."""
    paths = [path for place in ("inputs", "templates", "outputs") for path in sorted((ROOT / place).rglob("*.xlsx"))]
    books = [read_book(path.read_bytes(), path.name) for path in paths]
    cells = [cell for book in books for sheet in book.sheets for cell in sheet.cells.values()]
    return [cell.raw for cell in cells if cell.kind is Kind.TEXT]


def published_texts() -> list[str]:
    """Every comment, title and headline as published, and the lines of the list."""
    headlines = published_headlines()
    words = [headlines.completeness, *headlines.working_well, *headlines.concerns]
    fields = [text for row in published_rows() for text in (row.title, row.baseline, row.target, row.q1, row.comment)]
    return [*words, *fields, *(ROOT / "inputs" / "annex-2-kpis.txt").read_text(encoding="utf-8").splitlines()]


def test_nothing_is_found_in_what_was_published_and_returned() -> None:
    """Not one alarm over the texts of a real quarter."""
    texts = [*workbook_texts(), *published_texts()]
    assert len(texts) > 4_000
    assert [text for text in texts if personal_data(text) or mis_encoded(text) or unseen(text)] == []


# Any text at all

HOSTILE = (
    *("0", "1", "1-", "1/", "0 ", "07 ", "+44 ", "(0", "(", "999", "999 "),
    *("a", "@", "a@", "a@a.", "A1", "KT1", "KT1 1"),
    *("born ", "born on ", "dob", "1/1/2020 ( ", "1 jan", "12 of ", "date of birth: "),
    *("Â", "Ã", "â", "ð", "\u200d", "\u0300\u200d", "\U000e0020"),
)


def test_hostile_repeats_take_no_time() -> None:
    """The longest text that a cell holds, made of the beginnings of every pattern, takes a moment."""
    begin = time.perf_counter()
    for piece in HOSTILE:
        text = (piece * LONGEST_CELL)[:LONGEST_CELL]
        assert personal_data(text) == ()
        mis_encoded(text)
        unseen(text)
    assert time.perf_counter() - begin < 60, "each of some 30 texts takes a twentieth of a second where time is linear"


@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    """No text raises, and what is found is of the known kinds, each once, in their order."""
    found = personal_data(text)
    assert found == tuple(kind.name for kind in KINDS if kind.name in found)
    assert isinstance(mis_encoded(text), bool)
    assert isinstance(unseen(text), bool)
