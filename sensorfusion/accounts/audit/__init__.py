"""The audit log: who changed rights and secrets, what, from which network address, and when."""
