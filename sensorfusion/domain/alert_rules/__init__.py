"""Alert rules: what a value means to a rule, when a rule applies, and what becomes of it in time."""
