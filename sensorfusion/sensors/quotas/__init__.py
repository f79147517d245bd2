"""Quotas of sites and operators: what is used of them, and services that refuse more than they allow."""
