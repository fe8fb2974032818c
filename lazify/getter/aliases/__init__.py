"""What functions change under another name: `held = TABLE; held["k"] = 1`, `fill(TABLE)`, `self.table = TABLE`.

The object that a module-level name holds is followed through variables, parameters, results and attributes of the
project's own code, whoever has them: what is changed under one of these names is changed under all of them.
"""
