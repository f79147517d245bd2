"""Formulas and rules of weather: sun, wind, derived quantities, evaporation, degree days, climate."""
