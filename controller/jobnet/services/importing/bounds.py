"""Names the bounds of what is imported: a file beyond them is refused whole, and says so."""

FILE_BYTES_MAX = 16 * 1024 * 1024
"""The largest file that is read; an `awx export` of 1,000 templates has about 5 MiB."""

FILES_MAX = 1_000
"""How many files are read at once."""

LINES_MAX = 50_000
"""How many lines a crontab or a unit file may have; each may become two documents."""

LINE_LENGTH_MAX = 100_000
"""How long a line may be; a longer one is left out and reported."""

NODES_MAX = 500
"""How many nodes a workflow may have; its waits grow with the edges between them."""

EDGES_MAX = 5_000
"""How many edges a workflow may have."""

VALUES_LISTED_MAX = 1_000
"""How many values a time or a date of a timer may list."""
