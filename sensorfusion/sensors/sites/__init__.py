"""Sites, their members and time zones, and the account pages that create the first site."""
