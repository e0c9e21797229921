"""The fields of the catalogue workbook's rows, beyond those of any table: an empty cell is never taken for a zero."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sendkpi_xl.fields import Choice, Fields
from sendkpi_xl.figures import plain
from sendkpi_xl.findings import did_you_mean, finding, shortened
from sendkpi_xl.layout import Table
from sendkpi_xl.reading import Place
from sendkpi_xl.tables import Row


class CatalogueFields(Fields):
    """Reads fields as `Fields` does; what is wrong with them collects in the same `findings`."""

    def wrong(self, place: Place, subject: str, found: str, expected: str, action: str) -> None:
        """Note a fault that no other finding has words for."""
        self.findings.append(finding("T09", place, subject, found=found, expected=expected, action=action))

    def needed_whole(self, row: Row, key: str, most: int) -> int:
        """A whole number; 0 beside a finding where the cell is empty or holds none."""
        filled = self.text(row, key, needed=f"A whole number from 0 to {most:,}.")
        return (self.whole(row, key, most=most) if filled else None) or 0

    def needed_number(self, row: Row, key: str) -> float | None:
        """A number; None beside a finding where the cell is empty or holds none."""
        expected = "A number."
        return self.number(row, key, expected) if self.text(row, key, needed=expected) else None

    def named(self, row: Row, key: str, sheet: str, names: Collection[str]) -> str:
        """A name that another sheet lists; an empty cell is a finding, and so is a name that is not there."""
        text = self.text(row, key, needed=f"A name from the sheet {sheet}.")
        if text and text not in names:
            subject = row.text("id") or row.text("kpi_id")
            words = {"found": shortened(text), "sheet": sheet, "guess": did_you_mean(text, list(names))}
            self.findings.append(finding("T07", row.place(key), subject, **words))
        return text

    def in_order(self, row: Row, key: str, subject: str, green: float, amber: float) -> bool:
        """Whether two limits can hold together; where they cannot, a finding."""
        if 0 <= green <= amber:
            return True
        found = f"Green reaches {plain(green)} from the target, amber {plain(amber)}."
        expected = "Two numbers from 0, the amber one at least as large as the green one."
        self.wrong(row.place(key), subject, found, expected, "Correct them.")
        return False

    def steady(self, row: Row, subject: str) -> float:
        """How far a value may move and be no change, 0 for an empty cell; a number below 0 is a finding."""
        steady = self.number(row, "steady") or 0.0
        if steady < 0:
            found = f"A value may move by {plain(steady)} and be no change."
            self.wrong(row.place("steady"), subject, found, "A number from 0, or an empty cell.", "Correct it.")
        return steady

    def row_of_each(
        self, choices: type[Choice], key: str, table: Table, rows: Mapping[str, Sequence[Row]], file: str
    ) -> dict[Choice, Row]:
        """The table's row of each choice; a choice that has two rows, or none, is a finding."""
        found: dict[Choice, Row] = {}
        read = [(self.choice(row, key, choices), row) for row in rows[table.sheet]]
        for choice, row in read:
            if choice is not None and choice in found:
                words = f"A second row for {choice}; the first is {found[choice].place(key).cell}."
                self.wrong(row.place(key), choice, words, "One row for each.", "Delete one of the two.")
            elif choice is not None:
                found[choice] = row
        missing = [choice.value for choice in choices if choice not in found]
        if missing and all(choice is not None for choice, _ in read):
            words = f"No row for: {', '.join(missing)}."
            self.wrong(Place(file, table.sheet), "", words, "A row for each.", "Add it.")
        return found
