"""A council's quarterly KPI round, run in Excel from the published list to the board's workbook."""

__version__ = "0.1.0"
