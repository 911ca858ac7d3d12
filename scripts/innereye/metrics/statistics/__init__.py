"""Which differences between runs are more than chance?"""
