"""A loopback emulator of the Azure Machine Learning services: see README.md beside this file."""

from azureml_emulator.emulator import Emulator
from azureml_emulator.settings import Settings

__all__ = ["Emulator", "Settings"]
