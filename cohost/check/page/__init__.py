"""The check as one page: pure functions from findings to HTML, and the pictures drawn beside them."""
