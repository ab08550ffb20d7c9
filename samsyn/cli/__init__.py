"""The `samsyn` command."""
