"""What are the networks of scalar models made of? Numbers and sizes, without torch."""
