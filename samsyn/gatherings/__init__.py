"""Sessions: planned as an agenda of timed blocks, run in the live room, remembered in minutes."""
