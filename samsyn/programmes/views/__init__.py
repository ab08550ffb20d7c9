"""Pages of the storyboard: fetch, call one action or query, render."""
