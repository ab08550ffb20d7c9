"""What every page is built of: base templates, components, form rendering, CSS and icons; no domain words."""
