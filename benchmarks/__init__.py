"""Benchmarks of the platform against minimal peers in the same run; see README.md here."""
