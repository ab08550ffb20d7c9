"""Settings, addresses and the web server's entry; imported by nobody."""
