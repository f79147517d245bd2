"""SensorFusion: readings from remote sensors, stored durably and shown live."""

__version__ = "0.1.0"
