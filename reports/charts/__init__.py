"""Charts: one model, drawn the same on the screen (SVG, here) and in the report (typst, from ``as_content``)."""

from reports.charts.drawing import sparkline, svg
from reports.charts.model import Chart, ChartTable, Kind, Series, Tone, describe, table

__all__ = ["Chart", "ChartTable", "Kind", "Series", "Tone", "describe", "sparkline", "svg", "table"]
