"""What every table and action stands on: clock, ids, tenancy, keys, texts, storage of anonymous rows."""
