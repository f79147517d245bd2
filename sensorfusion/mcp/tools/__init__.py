"""The tools: each asks the API, and returns an answer that `answers` writes within its bound."""
