"""A claim's dossier: what goes into it for its reader, and the page on which a person reads it."""

from xiaobao.claims.queries.dossier.contents import LANGUAGES, Contents, contents_of
from xiaobao.claims.queries.dossier.page import page_of

__all__ = ["LANGUAGES", "Contents", "contents_of", "page_of"]
