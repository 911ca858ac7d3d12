"""Changes of the images of scalar models: the users' own, in their order, and ours."""
