"""Second factors and sessions: django-allauth's flows, in our look, with our limits, audit log and messages."""
