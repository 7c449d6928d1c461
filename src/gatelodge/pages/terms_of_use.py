"""The box by which people accept the terms of use, and the page that asks for nothing else."""

from gatelodge.model.terms_of_use import TermsOfUse
from gatelodge.pages.catalogue import CANCEL, CONTINUE
from gatelodge.pages.page import Field, InputKind, Notice, Page, PageId, Sentence, Target

TERMS = "termsOfUse"


def terms_field(terms: TermsOfUse) -> Field:
    """Return the box, with links to what is accepted by it."""
    links = (
        Target(url=terms.terms_of_use_url, string_id="terms_of_use"),
        Target(url=terms.privacy_statement_url, string_id="privacy"),
    )
    return Field(
        id=TERMS,
        kind=InputKind.TICK,
        words=Sentence("terms_accept"),
        links=tuple(each for each in links if each.url),
        missing="error_terms",
    )


def terms_page(terms: TermsOfUse, *, notices: tuple[Notice, ...] = ()) -> Page:
    """Ask somebody who has an account for the terms of today."""
    return Page(
        id=PageId.TERMS,
        fields=(terms_field(terms),),
        buttons=(CONTINUE, CANCEL),
        notices=notices,
    )
