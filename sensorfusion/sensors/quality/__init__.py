"""Quality checks that editors adjust per sensor."""
