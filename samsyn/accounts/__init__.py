"""Sign-in: who holds an account. What they are in an organisation is a Person there."""
