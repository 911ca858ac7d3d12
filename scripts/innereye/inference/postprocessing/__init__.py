"""What is mended in posteriors and segmentations?"""
