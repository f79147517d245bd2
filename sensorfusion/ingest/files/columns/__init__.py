"""What the names and the cells of a table's columns say: quantities, units, numbers and times."""
