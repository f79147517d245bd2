"""Offers of a sensor to another operator. What follows when one is accepted is in `handover`, above all apps."""
