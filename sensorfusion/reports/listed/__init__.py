"""The sensors of the overview as text: rows of its table, and cards."""
