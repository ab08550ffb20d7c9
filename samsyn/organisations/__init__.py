"""Organisations (tenants), their units over time, their people and management teams."""
