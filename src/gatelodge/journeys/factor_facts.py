"""What an interaction knows once a second factor was proved."""

from dataclasses import replace
from datetime import datetime

from gatelodge.journeys.factor_rules import methods_of
from gatelodge.model.interaction import Facts
from gatelodge.model.second_factor import Delivery, FactorFacts, FactorKind


def with_factor(
    facts: Facts,
    kind: FactorKind,
    delivery: Delivery | None,
    *,
    is_missing: bool,
    at: datetime | None = None,
    is_new: bool = False,
    tells_codes: bool = False,
    methods: tuple[str, ...] = (),
) -> Facts:
    """Return the facts with a proved factor; `methods` say more of it than its kind does.

    A session that was resumed did not know of the factor: another one is begun in its place.
    """
    return replace(
        facts,
        amr=tuple(dict.fromkeys((*facts.amr, *(methods or methods_of(kind, delivery))))),
        session_id=None,
        factor=FactorFacts(
            proved=kind,
            proved_at=at,
            delivery=delivery,
            methods=methods,
            is_new=is_new,
            is_missing=is_missing,
            tells_codes=tells_codes,
            is_managed=facts.factor.is_managed,
        ),
    )


def managing(facts: Facts) -> Facts:
    """Return the facts of somebody who wants to see and change the account's factors."""
    return replace(facts, factor=replace(facts.factor, is_managed=True))


def methods_proved(facts: Facts) -> tuple[str, ...]:
    """Return what the proved factor of an interaction adds to `amr`; nothing without one."""
    factor = facts.factor
    if factor.proved is None:
        return ()
    return factor.methods or methods_of(factor.proved, factor.delivery)
