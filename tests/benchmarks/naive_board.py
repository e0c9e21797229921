"""The script that anyone would write instead of `sendkpi board`, for the benchmark: pandas in, openpyxl out.

It rates as the catalogue says, and that is all: it trusts every cell, heading and sheet name, knows no moderation
workbook and no earlier quarter, and leaves no trace of where a number came from.

    python tests/benchmarks/naive_board.py inputs 2021-22-Q1 board.xlsx
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Font, PatternFill

SHEETS = ["KPIs", "Targets", "Tolerances", "Profiles", "Sections"]
WIDTHS = {"Board section": 22, "Board ref": 6, "Title": 54, "Baseline": 15, "Target": 14, "Q1": 14, "Q2": 14, "Q3": 14}
WIDTHS |= {"Q4": 14, "RAG": 10, "Comment": 62}
NUMBERS = {"%": "0{}%", "£": '"£"#,##0{}', "average £": '"£"#,##0{}', "count": "#,##0{}", "weeks": "0{}"}
COLOURS = {"R": "A4262C", "A": "FFC83D", "G": "6CBF84"}


def read(inputs: Path, quarter: str) -> pd.DataFrame:
    """The quarter's returns in one frame, joined with what the catalogue says of each KPI."""
    own = ["KPI id", "Value this quarter", "Numerator", "Denominator", "Reason for a blank", "Comment"]
    frames = []
    for path in sorted((inputs / quarter).glob("return-*.xlsx")):
        code = path.stem.split("-")[-1]
        frames.append(pd.read_excel(path, sheet_name=code, header=4, engine="openpyxl")[own])
    catalogue = pd.read_excel(inputs / "kpi-catalogue.xlsx", sheet_name=SHEETS, header=3, engine="openpyxl")
    targets = catalogue["Targets"].query("Year == @quarter[:7]").drop(columns="KPI")
    tolerances = catalogue["Tolerances"].rename(columns={"Green within": "Green", "Amber within": "Amber"})
    shares = catalogue["Profiles"].rename(columns={quarter[-2:]: "Share"})[["Profile", "Share"]]
    frame = pd.concat(frames).merge(catalogue["KPIs"], on="KPI id").merge(targets, on="KPI id", how="left")
    frame = frame.merge(tolerances, on="Unit").merge(shares, on="Profile")
    frame["Title"] = frame["Title on the board's dataset"].fillna(frame["Title in the list"])
    frame["Comment"] = frame["Comment"].fillna(frame["Reason for a blank"])
    frame["Board section"] = pd.Categorical(frame["Board section"], catalogue["Sections"].iloc[:, 0], ordered=True)
    return frame.sort_values(["Board section", "Board ref"])


def rate(frame: pd.DataFrame, quarter: str) -> pd.DataFrame:
    """The frame with the quarter's value and its rating."""
    value = pd.to_numeric(frame["Value this quarter"], errors="coerce")
    value = value.fillna(frame["Numerator"] / frame["Denominator"])
    target = frame["Target"] * frame["Share"]
    over = value - target
    miss = np.where(frame["Polarity"] == "higher is better", -over, over)
    miss = np.where(frame["Polarity"] == "near target", over.abs(), miss)
    scale = np.where(frame["Measured as"] == "points", 1, target.abs())
    green, amber = (frame[f"{each} within"].fillna(frame[each]) * scale + 1e-9 for each in ("Green", "Amber"))
    smallest = np.where(frame["Survey"] == "yes", frame["Smallest sample"].fillna(30), frame["Smallest sample"])
    rag = np.where(miss <= green, "G", np.where(miss <= amber, "A", "R"))
    rag = np.where(frame["Denominator"] < smallest, "A", np.where(target.isna(), "No rating", rag))
    rag = np.where(value.isna() | (frame["Polarity"] == "context only"), "No rating", rag)
    return frame.assign(Q1=None, Q2=None, Q3=None, Q4=None, RAG=rag).assign(**{quarter[-2:]: value})


def write(frame: pd.DataFrame, path: Path) -> None:
    """The board workbook: figures in their KPI's format, ratings coloured by conditional format."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Dataset"
    sheet.append(list(WIDTHS))
    for letter, width in zip("ABCDEFGHIJK", WIDTHS.values(), strict=True):
        sheet[f"{letter}1"].font = Font(bold=True)
        sheet.column_dimensions[letter].width = width
    wrapped = Alignment(wrap_text=True, vertical="top")
    values = frame[list(WIDTHS)].astype(object).where(lambda cells: cells.notna(), None)
    for number, row in enumerate(values.itertuples(index=False), start=2):
        sheet.append(row)
        unit, decimals = frame["Unit"].iloc[number - 2], int(frame["Decimals"].iloc[number - 2])
        for cell in sheet[number]:
            cell.alignment = wrapped
        for cell in sheet[number][3:9]:
            cell.number_format = NUMBERS[unit].format("." + "0" * decimals if decimals else "")
    for letter, colour in COLOURS.items():
        rule = CellIsRule("equal", [f'"{letter}"'], fill=PatternFill(bgColor=colour))  # type: ignore[no-untyped-call]
        sheet.conditional_formatting.add(f"J2:J{sheet.max_row}", rule)
    sheet.freeze_panes = "D2"
    book.save(path)


if __name__ == "__main__":
    inputs, quarter, board = sys.argv[1:]
    write(rate(read(Path(inputs), quarter), quarter), Path(board))
