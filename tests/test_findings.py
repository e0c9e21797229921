"""The table of findings: every rule's sentences, and the codes that are made and declared."""

from __future__ import annotations

import ast
import re
import string
from collections import Counter
from pathlib import Path

import pytest

import sendkpi_xl
from sendkpi_xl.audit import ACCESS_CHECKS
from sendkpi_xl.checks import CHECKS
from sendkpi_xl.command_parts import UNREADABLE
from sendkpi_xl.finding_rules import RULES
from sendkpi_xl.findings import Refusal, did_you_mean, finding, made, shortened
from sendkpi_xl.reading import Finding, Place, Severity
from tests.every_rule import EVERY_RULE

SOURCES = sorted(Path(sendkpi_xl.__file__).parent.rglob("*.py"))
GIVEN_OUT = """
F01 F02 F03 F04 F05 F06 F07 F08 F09 F10 F11 F12 F13 F14 F15 F16 F17 F18 F19 F20 F21 F22 F23
T01 T02 T03 T04 T05 T06 T07 T08 T09
R01 R02 R03 R04 R05 R06 R07 R08 R09 R10 R11 R12 R13 R14 R15 R16 R17 R18 R19 R20 R21 R22 R23 R24
C01 C02 C03 C04 C05 C06 C07 C08 C09 C10 C11 C12 C13 C14 C15 C16 C17 C18 C19 C20 C21 C22 C23 C24 C25 C26
P01 P02 P03 P04 P05 P06
K01 K02 K03 K04 K05
M01 M02 M03 M04 M05 M06 M07 M08 M09 M10 M11 M12 M13 M14
B01 B02 B03
S01 S02 S03 S04
A01 A02 A03 A04 A05 A06 A07 A08 A09 A10 A11 A12 A13 A14 A15 A16 A17 A18 A19 A20 A21 A22 A23 A24 A25 A26 A27 A28
A29 A30 A31 A32 A33 A34
"""
"""Every code that was ever given out. A new one is added at the end of its line; none is taken off, or given again."""
CODES = GIVEN_OUT.split()


def sentences(code: str) -> tuple[str, str, str]:
    rule = EVERY_RULE[code]
    return rule.found, rule.expected, rule.action


def words(code: str) -> set[str]:
    """The names in braces that a rule's sentences are filled in with."""
    return {name for each in sentences(code) for _, name, _, _ in string.Formatter().parse(each) if name}


def test_the_codes_are_those_that_were_given_out() -> None:
    """No code vanishes from the table, and none appears in it unseen."""
    assert sorted(EVERY_RULE) == sorted(CODES)


def test_no_code_is_declared_twice() -> None:
    """In a Python dictionary the second of two equal keys would silently take the first one's place."""
    source = next(path for path in SOURCES if path.name == "finding_rules.py")
    dictionaries = [node for node in ast.walk(ast.parse(source.read_text("utf-8"))) if isinstance(node, ast.Dict)]
    keys = [key.value for node in dictionaries for key in node.keys if isinstance(key, ast.Constant)]
    assert {key for key, count in Counter(keys).items() if count > 1} == set()
    assert set(keys) >= set(RULES)


def test_every_code_that_is_declared_is_made_somewhere_and_the_other_way_round() -> None:
    """A rule that nothing makes is no rule; a code that is not declared would fail only when it is needed."""
    raised = {code for path in SOURCES for code in re.findall(r'finding\(\s*"([A-Z]\d\d)"', path.read_text("utf-8"))}
    assert raised | {check.code for check in CHECKS} | {check.code for check in ACCESS_CHECKS} == set(EVERY_RULE)


@pytest.mark.parametrize("code", CODES)
def test_a_rule_fills_in_without_a_brace_left_over(code: str) -> None:
    """Each of the three sentences is made of its words alone, whatever braces those hold."""
    odd = dict.fromkeys(words(code), "{odd}")
    filled = made(code, EVERY_RULE[code], Place("a.xlsx", "EH", "I6"), "K01", odd)
    for sentence, template in zip((filled.found, filled.expected, filled.action), sentences(code), strict=True):
        without = re.sub(r"\{[\w:,]+\}", "", template)
        assert "{" not in without
        assert "}" not in without
        assert sentence == re.sub(r"\{[\w:,]+\}", "{odd}", template)
    assert (filled.code, filled.severity, filled.subject) == (code, EVERY_RULE[code].severity, "K01")


@pytest.mark.parametrize("code", CODES)
def test_a_rule_says_what_is_wrong_what_is_right_and_what_to_do(code: str) -> None:
    """Three sentences each, with a full stop, that start with a capital letter or with what was found."""
    for template in sentences(code):
        passed_through = re.fullmatch(r"\{\w+\}", template)
        assert passed_through or re.match(r"[A-Z“{]", template)
        assert passed_through or template.endswith(".")


@pytest.mark.parametrize("code", CODES)
def test_a_rule_refuses_to_be_told_half(code: str) -> None:
    """A word that is missing fails at once: nobody is sent a message with a hole in it."""
    for name in words(code):
        with pytest.raises(KeyError):
            made(code, EVERY_RULE[code], Place("a.xlsx"), "", dict.fromkeys(words(code) - {name}, "x"))


def test_what_makes_a_file_unreadable_must_be_fixed() -> None:
    """The codes that set the exit status to 2 are declared, and none of them is a mere note."""
    assert {EVERY_RULE[code].severity for code in UNREADABLE} == {Severity.MUST_FIX}


def test_a_finding_in_full() -> None:
    """Code, severity, place, the three sentences, and the KPI."""
    place = Place("return.xlsx", "EH", "J6")
    words = {"found": "90%", "numerator": "17", "denominator": "20", "share": "85%"}
    assert made("C08", EVERY_RULE["C08"], place, "K02", words) == Finding(
        "C08",
        Severity.PLEASE_CHECK,
        place,
        "The value is 90%, and 17 out of 20 is 85%.",
        "A value that is the numerator over the denominator.",
        "Correct whichever of the three is wrong.",
        "K02",
    )


def test_a_refusal_says_in_a_line_what_it_is_about() -> None:
    """The findings travel with the exception; its own text names each place and what was found there."""
    one = finding("F06", Place("inputs/2021-22-Q1"))
    two = finding("T05", Place("list.xlsx", "KPIs", "A7"), expected="An id.")
    refusal = Refusal([one, two])
    assert refusal.findings == (one, two)
    assert str(refusal) == (
        "inputs/2021-22-Q1: No file here is a return that can be used.; list.xlsx, sheet KPIs, A7: The cell is empty."
    )


@pytest.mark.parametrize(
    ("found", "known", "guess"),
    [
        ("k-12", ["K12", "K01"], " (did you mean “K12”?)"),
        ("K00l", ["K001", "K002"], ""),
        ("denominater", ["Numerator", "Denominator"], " (did you mean “Denominator”?)"),
        ("no cases", ["No cases this quarter"], ""),
        ("fruit", ["Numerator", "Denominator"], ""),
        ("", ["K01"], ""),
        ("K01", [], ""),
        ("K" * 10_000, ["K01"], ""),
    ],
)
def test_a_guess_is_made_only_of_what_is_close(found: str, known: list[str], guess: str) -> None:
    """One of the known names, spelt as it is known, when it is nearly the same and nearer than all others."""
    assert did_you_mean(found, known) == guess


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("n/a", "n/a"),
        ("  two\n\tlines ", "two lines"),
        ("x" * 80, "x" * 80),
        ("x" * 81, "x" * 79 + "…"),
        ("x" * 40_000, "x" * 79 + "…"),
        ("a\u200bb\u202ec\x1b", "a?b?c?"),
        ("£1,234 – 85 %", "£1,234 – 85 %"),
        ("", ""),
    ],
)
def test_a_quoted_text_is_one_short_line_that_can_be_seen(text: str, shown: str) -> None:
    """Line breaks become blanks, long texts are cut, letters that cannot be seen (or steer a terminal) become `?`."""
    assert shortened(text) == shown
