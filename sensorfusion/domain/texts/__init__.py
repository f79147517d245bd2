"""Texts that are compared: the one folding, and e-mail addresses."""
