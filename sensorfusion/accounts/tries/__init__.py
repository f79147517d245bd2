"""Counts of unknown keys and tokens, and how good ones are told from guesses."""
