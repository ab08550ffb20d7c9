"""The live room: who is in it, what it shows, and what people send to it."""
