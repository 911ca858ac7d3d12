"""Losses on the outputs of scalar models; what is not known enters none of them."""
