"""E-mail to operators: notices about their account, what they turned off, and forgotten passwords."""
