"""Tables to pictures and prose."""
