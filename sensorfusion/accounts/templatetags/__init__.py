"""Template filters of the account's pages."""
