"""E-mail addresses of accounts: their proof by a link, and their change, which both addresses confirm."""
