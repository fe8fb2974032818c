"""Whether making a value looks into an object, or only keeps it: an escape analysis of the code that the making runs.

    manager = LocalManager([local])      keeps local: whatever functions set on it, the manager is the same
    manager = LocalManager(local.name)   looks into it

What keeps an object: to bind, return or pass it, to put it into a display or into an attribute of what is being made,
to ask what class it has or whether it is another. All else looks: attributes, items, iteration, comparison, hashing,
truth, formatting, and whatever unknown code may do. Nothing is said to be only kept unless all of the code was read.
"""
