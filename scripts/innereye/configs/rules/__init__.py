"""Which fields of a segmentation model contradict each other? Each rule returns complaints."""
