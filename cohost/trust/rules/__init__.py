"""The guard's rules, one family a module. Each rule is pure: a sentence and its evidence in, the first
fault found out."""
