"""The team's workbook of all that there is to ask about a quarter's returns."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time

from sendkpi_xl.layout import QUERIES, QUERIES_IDENTITY
from sendkpi_xl.queries import Asked, counted, query_texts
from sendkpi_xl.sheetwriter import A3, WorkbookWriter
from sendkpi_xl.style import SEVERITY_INK

HELP = "Must fix comes first. Filter by file or workstream to see what to ask whom. Empty cells: about no single one."


def queries_workbook(asked: Asked) -> bytes:
    """The team's workbook: every finding of the quarter's returns on one sheet, which says what it was made of."""
    period, settings = asked.gathered.period, asked.catalogue.settings
    title = f"{settings.plan}: queries on the returns for {period.label}"
    writer = WorkbookWriter(title, f"KPI list {settings.list_version}", datetime.combine(period.end, time()))
    page = writer.page(QUERIES.sheet)
    counts = Counter(each.finding.severity for each in asked.queries)
    page.title(title, [counted(counts), HELP])
    page.put(3, 0, f"{QUERIES_IDENTITY} | {period.code}", "quiet")
    page.table(QUERIES, len(asked.queries))
    for row, query in enumerate(asked.queries, start=QUERIES.heading_row):
        texts = query_texts(query)
        for column, declared in enumerate(QUERIES.columns):
            style = SEVERITY_INK[query.finding.severity] if declared.key == "severity" else "body"
            page.put(row, column, texts[declared.key], style)
    page.sheet.freeze_panes(QUERIES.heading_row, 1)
    page.print_setup(QUERIES, A3)
    return writer.close(asked.origin_of_list())
