"""What the evidence bench measures: reading, looking up, quoting, guarding, composing."""
