"""The lifecycle of ASGI applications: which handlers an application has, and the lifespan that calls them."""
