"""Notifications by apprise, sent in a child process; it comes with the extra `apprise`."""
