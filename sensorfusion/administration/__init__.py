"""Pages for the administrators of an installation: what it holds, what it does, and what they decide for everyone."""
