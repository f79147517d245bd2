"""Identification of senders: keys, tokens and gateways, their cache, rate limits, and unclaimed senders."""
