"""YAML files that people write: read with the place of each word, held against a model, every mistake told at once."""
