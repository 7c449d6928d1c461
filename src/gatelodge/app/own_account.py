"""Build what people do with their own account."""

from gatelodge.app.passkeys import new_passkeys_of
from gatelodge.app.world import World
from gatelodge.journeys.check_password import CheckPassword
from gatelodge.journeys.code_guesses import CodeGuesses
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.mailed_codes import MailedCodes
from gatelodge.journeys.own_account.data import OwnData
from gatelodge.journeys.own_account.deletion import Deletion
from gatelodge.journeys.own_account.email_change import EmailChange
from gatelodge.journeys.own_account.fresh_factor import FreshFactor
from gatelodge.journeys.own_account.identities import Identities
from gatelodge.journeys.own_account.linking import Linking
from gatelodge.journeys.own_account.own_passkeys import OwnPasskeys
from gatelodge.journeys.own_account.password_change import PasswordChange
from gatelodge.journeys.own_account.reauthentication import Reauthentication
from gatelodge.journeys.own_account.sessions import Sessions
from gatelodge.journeys.own_account.told import Told
from gatelodge.journeys.perform.manage_account import ManageAccount
from gatelodge.journeys.provider_visits import ProviderVisits
from gatelodge.mail.factor_messages import FactorMessages
from gatelodge.mail.verification import VerificationMail
from gatelodge.model.own_account import AccountTask


def told_by_mail(world: World, evidence: Evidence, mail: VerificationMail) -> Told:
    """Return what tells owners what became of their accounts."""
    return Told(messages=FactorMessages(mail), evidence=evidence, clock=world.clock)


def manage_account(
    world: World,
    evidence: Evidence,
    mail: VerificationMail,
    codes: MailedCodes,
    check_password: CheckPassword,
    visits: ProviderVisits,
) -> ManageAccount:
    """Return the step with all its tasks."""
    database, clock = world.database, world.clock
    told = told_by_mail(world, evidence, mail)
    reauthentication = Reauthentication(
        database=database, check_password=check_password, evidence=evidence, clock=clock
    )
    return ManageAccount(
        database=database,
        fresh_factor=FreshFactor(database, clock),
        reauthentication=reauthentication,
        tasks={
            AccountTask.EMAIL: EmailChange(
                database=database,
                codes=codes,
                guesses=CodeGuesses(database, evidence, clock),
                told=told,
                clock=clock,
            ),
            AccountTask.PASSWORD: PasswordChange(
                passwords=world.passwords, reauthentication=reauthentication, told=told, clock=clock
            ),
            AccountTask.IDENTITIES: Identities(
                database=database,
                linking=Linking(database=database, visits=visits, told=told),
                told=told,
                clock=clock,
            ),
            AccountTask.PASSKEYS: OwnPasskeys(
                database=database,
                passkeys=new_passkeys_of(world, evidence),
                told=told,
                clock=clock,
            ),
            AccountTask.SESSIONS: Sessions(database=database, told=told, clock=clock),
            AccountTask.DATA: OwnData(database),
            AccountTask.DELETION: Deletion(told=told, clock=clock),
        },
    )
