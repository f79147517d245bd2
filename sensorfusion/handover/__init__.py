"""Handing a sensor over to another operator, with what ends in all other apps."""
