"""Who sends: keys, tokens, gateways, their cache, rate limits and unclaimed senders."""
