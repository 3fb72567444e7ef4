"""The check of a knowledge base, for the people who keep it: findings (pure) and the page that shows them.

Findings look across rooms (evidence, the planner, the law), so they stand beside the rooms and not in one.
"""
