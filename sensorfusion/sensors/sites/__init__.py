"""Sites, their members, time zones, and the account pages that make the first one."""
