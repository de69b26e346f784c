"""Draws networks and runs as pictures: SVG to look at, Mermaid to paste into a page.

``outline_of_network`` and ``outline_of_run`` say what is to be seen, ``to_svg`` and
``to_mermaid`` draw it. The same outline always gives the same bytes.
"""

from jobnet.pictures.mermaid import to_mermaid
from jobnet.pictures.outline import Outline
from jobnet.pictures.outlining import outline_of_network, outline_of_run
from jobnet.pictures.svg import to_svg

__all__ = ["Outline", "outline_of_network", "outline_of_run", "to_mermaid", "to_svg"]
