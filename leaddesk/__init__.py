"""LeadDesk: the desktop program in which a sales floor works its leads from a raw list to a client."""

__version__ = "0.1.0"
