"""Outgoing e-mail: what a message says, the outbox that it waits in, and the sender."""
