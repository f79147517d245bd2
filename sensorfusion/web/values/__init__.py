"""Values as readers see them: numbers as text, units, and what owners and devices say of quantities."""
