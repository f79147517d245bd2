"""Links that show chosen quantities of a sensor to anybody who has them."""
