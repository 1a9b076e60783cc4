"""A claim's dossier: what goes into it for its reader, and the page on which a person reads it."""

from xiaobao.claims.queries.dossier.contents import LANGUAGES, Contents, contents_of
from xiaobao.claims.queries.dossier.page import page_of
from xiaobao.claims.queries.dossier.paper import is_installed as has_paper
from xiaobao.claims.queries.dossier.paper import paper_of

__all__ = ["LANGUAGES", "Contents", "contents_of", "has_paper", "page_of", "paper_of"]
