"""Build the steps of second factors."""

from gatelodge.app.passkeys import new_passkeys_of, passkeys_of
from gatelodge.app.world import World
from gatelodge.journeys.asked_factor import FactorQuestion
from gatelodge.journeys.engine import Performer
from gatelodge.journeys.enrolling import Enrolling
from gatelodge.journeys.enrolment import Enrolment
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.factor_codes import FactorCodes
from gatelodge.journeys.factor_guesses import FactorGuesses
from gatelodge.journeys.perform.check_factor import CheckFactor
from gatelodge.journeys.perform.enrol_factor import EnrolFactor
from gatelodge.journeys.perform.enrol_passkey import EnrolPasskey
from gatelodge.journeys.perform.manage_factors import ManageFactors
from gatelodge.journeys.step import StepName
from gatelodge.mail.factor_messages import FactorMessages
from gatelodge.mail.verification import VerificationMail


def factor_performers(
    world: World, evidence: Evidence, mail: VerificationMail
) -> dict[StepName, Performer]:
    """Return the steps that ask for a second factor, and that have one set up."""
    messages = FactorMessages(mail)
    codes = FactorCodes(
        database=world.database,
        messages=messages,
        sealer=world.sealer,
        clock=world.clock,
        randomness=world.randomness,
        phones_a_day=world.messaging.phones_a_day,
    )
    question = FactorQuestion(
        database=world.database,
        guesses=FactorGuesses(world.database, evidence, world.clock),
        passkeys=passkeys_of(world, evidence),
        channels=world.messaging.channels,
    )
    enrolling = Enrolling(
        sealer=world.sealer,
        randomness=world.randomness,
        channels=world.messaging.channels,
        regions=world.messaging.phone_regions,
    )
    enrolment = Enrolment(
        sealer=world.sealer,
        evidence=evidence,
        messages=messages,
        clock=world.clock,
        randomness=world.randomness,
    )
    return {
        StepName.CHECK_FACTOR: CheckFactor(
            question=question,
            codes=codes,
            sealer=world.sealer,
            evidence=evidence,
            clock=world.clock,
        ),
        StepName.ENROL_FACTOR: EnrolFactor(
            database=world.database,
            enrolling=enrolling,
            enrolment=enrolment,
            passkeys=EnrolPasskey(
                database=world.database,
                passkeys=new_passkeys_of(world, evidence),
                enrolment=enrolment,
                evidence=evidence,
                clock=world.clock,
            ),
            codes=codes,
            evidence=evidence,
            clock=world.clock,
        ),
        StepName.MANAGE_FACTORS: ManageFactors(
            database=world.database, enrolling=enrolling, enrolment=enrolment, clock=world.clock
        ),
    }
