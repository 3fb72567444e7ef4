"""Parts of the bench `chat`: the storm, what understanding gets right, what platforms forbid."""
