"""Webhooks of a site: what happens there is sent to other programs, by signed HTTP requests."""
