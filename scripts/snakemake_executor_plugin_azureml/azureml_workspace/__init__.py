"""How is a workspace reached? The one place that imports azureml, and speaks to its services."""
