"""Readings of things that only answer: the poller asks them, each at its interval."""
