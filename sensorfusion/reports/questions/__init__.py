"""The questions of a report, before they are asked."""
