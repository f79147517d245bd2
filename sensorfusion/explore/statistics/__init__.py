"""Statistics of two series beside each other: pairs, their fit, and distributions."""
