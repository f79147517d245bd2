"""Closing an account: what becomes of its sites, and the page that shows it before."""
