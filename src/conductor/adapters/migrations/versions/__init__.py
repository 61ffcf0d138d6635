"""One module for each version of the schema. Once a version is released its module stays as it is."""
