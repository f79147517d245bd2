"""What the pages of alerts show: alerts with their drawings, rules with their strips, suggestions."""
