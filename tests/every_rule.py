"""Every rule that there is, wherever it stands, for the tests and the documents that are about all of them."""

from sendkpi_xl.audit import ACCESS_RULES
from sendkpi_xl.checks import CHECKS
from sendkpi_xl.finding_rules import RULES, Rule

EVERY_RULE: dict[str, Rule] = {**RULES, **{check.code: check.rule for check in CHECKS}, **ACCESS_RULES}
"""By its code: of reading and writing any file, of returns, of a finished workbook."""
