"""The case study: assembled from what the kinds and the thread hold, each sentence with what it stands on."""
