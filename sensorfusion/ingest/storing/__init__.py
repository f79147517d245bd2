"""The writer: group commit, one transaction per group, and the SQL that it runs."""
