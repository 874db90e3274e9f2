"""Stories that are played on the telephones: steps in plain words, one after another, told as they happen."""
