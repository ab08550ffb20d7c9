"""The append-only record of who did what to which row, on what day. No text, nothing of anonymous contributions."""
