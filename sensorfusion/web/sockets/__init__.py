"""Handshakes of WebSockets: those that are refused, and clients that are not known yet."""
