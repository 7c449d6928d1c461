"""Messages about second factors: codes by mail, text message and call, and what became of them."""

from dataclasses import dataclass
from datetime import datetime

from gatelodge.mail.verification import VerificationMail, one_line
from gatelodge.model.directory import Directory
from gatelodge.model.message import Channel, Message
from gatelodge.pages.elements import FACTOR_CHANGE_MAIL, FACTOR_MAIL, PHONE_MESSAGE
from gatelodge.pages.language import Strings
from gatelodge.pages.page import Sentence

_PHONE_STRINGS = {Channel.SMS: "text_message", Channel.VOICE: "call"}


@dataclass(frozen=True, slots=True)
class FactorMessages:
    """Writes the messages, in the person's language."""

    mail: VerificationMail

    def code(
        self,
        directory: Directory,
        strings: Strings,
        channel: Channel,
        to: str,
        code: str,
        lifetime_s: int,
        now: datetime,
    ) -> Message:
        """Return the message that carries a code."""
        if channel is Channel.EMAIL:
            return self.mail.compose(
                directory, strings, to, code, lifetime_s, now, words=FACTOR_MAIL
            )
        # A voice reads digit by digit what stands apart.
        spoken = ", ".join(code) if channel is Channel.VOICE else code
        values = {
            "code": spoken,
            "directory": one_line(directory.display_name),
            "minutes": str(lifetime_s // 60),
        }
        text = strings.text(PHONE_MESSAGE, Sentence(_PHONE_STRINGS[channel], values))
        return self._message(directory, channel, to, "", text, now, code=code)

    def change(
        self,
        directory: Directory,
        strings: Strings,
        to: str,
        what: str,
        now: datetime,
        *,
        words: str = FACTOR_CHANGE_MAIL,
    ) -> Message:
        """Return the mail that tells the owner of a change; `what` is its string.

        `words` is where its sentences are kept: those about second factors unless said otherwise.
        """
        values = {"directory": one_line(directory.display_name)}
        said = [
            strings.text(words, Sentence(each, values)) for each in ("greeting", what, "not_you")
        ]
        subject = strings.text(words, Sentence("subject", values))
        footer = strings.text(words, Sentence("footer", values))
        text = "\n\n".join((*said, f"--\n{footer}")) + "\n"
        return self._message(directory, Channel.EMAIL, to, subject, text, now)

    def _message(
        self,
        directory: Directory,
        channel: Channel,
        to: str,
        subject: str,
        text: str,
        now: datetime,
        *,
        code: str | None = None,
    ) -> Message:
        return Message(
            directory_id=directory.id,
            id=self.mail.randomness.uuid(),
            channel=channel,
            to=to,
            subject=subject,
            text=text,
            html="",
            code=code,
            created_at=now,
            next_attempt_at=now,
        )
