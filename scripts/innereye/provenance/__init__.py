"""What made this file? Hashes of code and files, versions."""
