"""Mail: who gets a letter and who does not, a letter for each person once, delivery with patience, a send log."""
