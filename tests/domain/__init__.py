"""Tests of plain Python: no database, no clock."""
