"""Entry points: the modules from which a platform takes the application, and how they answer when it fails."""
