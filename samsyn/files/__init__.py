"""Attachments: outside the web root, known by their content, opened only by those who may see what they belong to."""
