"""The only access to the table of readings: `tests/architecture/test_stored.py` finds any SQL elsewhere that names it.

`selection` builds the text of queries, `reads` answers questions, `writes` changes rows, `partitions` keeps the months.
"""
