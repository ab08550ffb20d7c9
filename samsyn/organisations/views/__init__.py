"""Pages of people, units and import."""
