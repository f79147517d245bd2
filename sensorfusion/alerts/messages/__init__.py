"""Messages about alerts: whom an event is told, the messages that wait, and the channels by which they leave."""
