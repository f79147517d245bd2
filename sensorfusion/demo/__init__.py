"""The demo site, replayed observations, synthetic weather and bulk history."""
