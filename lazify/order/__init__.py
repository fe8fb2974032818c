"""In which order the modules of a project run when one of them is imported."""
