"""Alert rules and alerts: their evaluation, services, API and pages."""
