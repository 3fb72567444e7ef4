"""Between the host's language and the viewers': routes, checks, the queue and the stage that feeds it."""
