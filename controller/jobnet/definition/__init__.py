"""Says what a network is: frozen values, checked when they are made."""
