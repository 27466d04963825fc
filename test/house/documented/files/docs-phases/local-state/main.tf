# Nothing of ours at the top; the state is chosen in a folder.
