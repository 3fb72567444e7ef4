"""Sets that others collected, read from the folder named with `--data`. None of them ships with cohost; each
module says where its set comes from, under which licence, and which files it looks for. Their scores are
reported, never gated."""
