"""Long work with progress, duties that come back every day, and mail: preview, send log, delivery."""
