"""The message that carries a verification code."""

from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files

from minijinja import Environment

from gatelodge.model.directory import Directory
from gatelodge.model.message import Channel, Message
from gatelodge.pages.elements import VERIFICATION_MAIL
from gatelodge.pages.language import Strings
from gatelodge.pages.page import Sentence
from gatelodge.randomness import Randomness

_PARTS = ("greeting", "purpose", "validity", "not_you", "footer")
_TEMPLATE = "verification.html"


@dataclass(frozen=True, slots=True)
class VerificationMail:
    """Writes the message; build one with `new_verification_mail` and keep it."""

    environment: Environment
    randomness: Randomness

    def compose(
        self,
        directory: Directory,
        strings: Strings,
        to: str,
        code: str,
        lifetime_s: int,
        now: datetime,
        *,
        words: str = VERIFICATION_MAIL,
        link: str | None = None,
    ) -> Message:
        """Return the message as it goes into the outbox, in the language of `strings`.

        `words` is where its sentences are kept; with `link` they lead to a page besides.
        """
        values = {
            "directory": one_line(directory.display_name),
            "code": code,
            "minutes": str(lifetime_s // 60),
        }
        subject = _text(strings, words, "subject", values)
        parts = {name: _text(strings, words, name, values) for name in _PARTS}
        html = self.environment.render_template(
            _TEMPLATE,
            language=strings.tag,
            direction=strings.direction,
            subject=subject,
            code=code,
            link=link or "",
            link_intro=_text(strings, words, "link_intro", values) if link else "",
            link_text=_text(strings, words, "link", values) if link else "",
            **parts,
        )
        body = [parts["greeting"], parts["purpose"], code, parts["validity"], parts["not_you"]]
        if link:
            body[3:3] = [_text(strings, words, "link_intro", values), link]
        return Message(
            directory_id=directory.id,
            id=self.randomness.uuid(),
            channel=Channel.EMAIL,
            to=to,
            subject=subject,
            text="\n\n".join((*body, "--\n" + parts["footer"])) + "\n",
            html=html,
            code=code,
            created_at=now,
            next_attempt_at=now,
        )


def new_verification_mail(randomness: Randomness) -> VerificationMail:
    """Compile the template."""
    template = (files("gatelodge.mail") / "templates" / _TEMPLATE).read_text("utf-8")
    environment = Environment(
        templates={_TEMPLATE: template},
        undefined_behavior="strict",
        auto_escape_callback=lambda _name: "html",
    )
    return VerificationMail(environment, randomness)


def _text(strings: Strings, words: str, string_id: str, values: dict[str, str]) -> str:
    return strings.text(words, Sentence(string_id, values))


def one_line(name: str) -> str:
    """Return a name as one line: a line break would begin a header of its own."""
    return " ".join(name.split())
