"""The thread: every voice, promise and effect is an Item; every "this came of that" is a Link."""
