"""How an owner wants the quantities of a sensor to be shown."""
