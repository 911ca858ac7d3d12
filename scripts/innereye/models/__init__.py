"""Networks: plain numbers in, logits out."""
