"""Quotas: how much of something a site or an operator may have."""
