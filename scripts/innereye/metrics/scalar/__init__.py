"""How good are the outputs of a classification or regression, and how sure is that?"""
