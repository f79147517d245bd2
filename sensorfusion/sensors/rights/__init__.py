"""Rights: which operator has which role at which site, and for which sensors. The rule is written once, in SQL."""
