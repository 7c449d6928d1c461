"""How messages leave a production server, and which can be offered to people at all."""

from gatelodge.clock import system_clock
from gatelodge.errors import Invalid, Problem
from gatelodge.mail.by_channel import ByChannel
from gatelodge.mail.gateway import Gateway
from gatelodge.mail.messaging import Messaging
from gatelodge.mail.smtp import SmtpTransport
from gatelodge.mail.transport import Transport
from gatelodge.model.message import Channel
from gatelodge.model.secret import Secret
from gatelodge.model.telephone import regions
from gatelodge.outbound import Outbound
from gatelodge.settings import Settings


def messaging_of(settings: Settings) -> Messaging:
    """Return what may be sent, as it is set up. Raises `Invalid` for a region there is not."""
    allowed = tuple(each.strip() for each in settings.phone_regions.split(",") if each)
    if unknown := sorted(set(allowed) - set(regions())):
        raise Invalid(Problem("phone_regions", f"phone_regions: there is no {', '.join(unknown)}"))
    ways = {
        Channel.EMAIL: settings.smtp_host,
        Channel.SMS: settings.sms_url,
        Channel.VOICE: settings.voice_url,
    }
    return Messaging(
        channels=frozenset(channel for channel, way in ways.items() if way),
        phone_regions=allowed,
        phones_a_day=settings.phone_messages_per_day,
    )


def transport_of(settings: Settings, outbound: Outbound) -> Transport:
    """Return the way out of each kind of message."""
    gateways = {
        Channel.SMS: (settings.sms_url, settings.sms_token),
        Channel.VOICE: (settings.voice_url, settings.voice_token),
    }
    transports: dict[Channel, Transport] = {Channel.EMAIL: _mail(settings)}
    for channel, (url, token) in gateways.items():
        if url:
            transports[channel] = Gateway(
                url=url, channel=channel, outbound=outbound, token=Secret(token) if token else None
            )
    return ByChannel(transports)


def _mail(settings: Settings) -> SmtpTransport:
    return SmtpTransport(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=settings.smtp_security,
        sender=settings.mail_from,
        clock=system_clock,
        username=settings.smtp_username,
        password=Secret(settings.smtp_password) if settings.smtp_password else None,
    )
