"""Pages as responses: rendered in the person's language, with the headers pages travel with."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from gatelodge.clock import Clock
from gatelodge.model.identifier import key_of
from gatelodge.oidc.error_log import ErrorLog
from gatelodge.oidc.errors import Code, sentence_of
from gatelodge.oidc.provider import Provider, SpokenLanguage
from gatelodge.pages.brand import Brand, plain_brand
from gatelodge.pages.catalogue import error_page
from gatelodge.pages.language import Strings, choose_language
from gatelodge.pages.page import FormPost, Page, Sentence
from gatelodge.pages.render import Renderer, Variables
from gatelodge.pages.security import form_action_source, page_headers
from gatelodge.randomness import Randomness

DEFAULT_LANGUAGE = "en"
_ALONE, _SCRIPTED = "same-origin", "same-origin-allow-popups"

_SENTENCES = {
    Code.CLIENT_ID_MISSING: "error_application",
    Code.CLIENT_UNKNOWN: "error_application",
    Code.CLIENT_DISABLED: "error_application",
    Code.NO_REDIRECT_URIS: "error_redirect_uri",
    Code.REDIRECT_URI_MISSING: "error_redirect_uri",
    Code.REDIRECT_URI_NOT_REGISTERED: "error_redirect_uri",
    Code.REDIRECT_URI_INVALID: "error_redirect_uri",
    Code.LOGOUT_URI_MALFORMED: "error_redirect_uri",
    Code.USER_FLOW_UNKNOWN: "error_user_flow",
    Code.USER_FLOW_MISSING: "error_user_flow",
    Code.STATE_LOST: "error_expired",
    Code.TEMPORARILY_UNAVAILABLE: "error_throttled",
    Code.PROCESSING_FAILED: "error_server",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PageResponses:
    """Turns pages into responses; `strings` are the packaged ones by language tag."""

    renderer: Renderer
    strings: Mapping[str, Strings]
    clock: Clock
    randomness: Randomness
    errors: ErrorLog

    def strings_for(
        self, request: Request, provider: Provider | None = None, *, ui_locales: str = ""
    ) -> Strings:
        """Return the sentences in the language the request asks for, in the provider's words.

        `ui_locales` may ask for any language there are words in, a browser for those enabled.
        """
        spoken = None if provider is None else self._spoken(provider.languages)
        offered: Set[str] = self.strings.keys()
        enabled = offered
        if spoken is not None:
            offered = {*spoken, DEFAULT_LANGUAGE}
            enabled = {key for key, it in spoken.items() if it.is_enabled}
        flow = None if provider is None else provider.user_flow
        default = key_of((flow and flow.default_language_tag) or "")
        wanted = choose_language(ui_locales=ui_locales, offered=offered, default="")
        tag = wanted or choose_language(
            accept_language=request.headers.get("accept-language", ""),
            offered=enabled,
            default=default if default in offered else DEFAULT_LANGUAGE,
        )
        return self.strings[tag] if spoken is None or tag not in spoken else self._of(spoken[tag])

    def _spoken(
        self, languages: Sequence[SpokenLanguage] | None
    ) -> Mapping[str, SpokenLanguage] | None:
        """Return the languages of a user flow there are words in, by tag in lower case."""
        if languages is None:
            return None
        by_tag = ((key_of(each.tag), each) for each in languages)
        return {key: it for key, it in by_tag if it.overrides or self._packaged(key) is not None}

    def _packaged(self, key: str) -> Strings | None:
        return self.strings.get(key) or self.strings.get(key.partition("-")[0])

    def _of(self, language: SpokenLanguage) -> Strings:
        """Return the sentences of a language, an administrator's above ours; English fills gaps."""
        packaged = self._packaged(key_of(language.tag)) or self.strings[DEFAULT_LANGUAGE]
        return replace(packaged, tag=language.tag, overrides=language.overrides)

    def page(
        self,
        page: Page,
        *,
        strings: Strings,
        provider: Provider | None,
        correlation_id: str,
        action_url: str = "",
        seal: str = "",
        redirect_uri: str | None = None,
        status: int = 200,
        variables: Variables = (),
    ) -> Response:
        """Return a page whose form may end at `redirect_uri`."""
        departure = page.departure
        template = None if provider is None else provider.template_of(page.id)
        scripts = () if provider is None else provider.scripts_of(template)
        # 'self' would let every script at this host run, those of other templates among them.
        own = self._own_scripts(page, provider) if provider is not None and scripts else ()
        frames = () if departure is None else departure.frames
        nonce = self.randomness.opaque(16) if frames else None
        html = self.renderer.render(
            page,
            strings=strings,
            brand=_brand(provider, strings),
            template=template,
            scripts=scripts,
            version=None if provider is None else provider.layout_version(page.id),
            correlation_id=correlation_id,
            action_url=action_url,
            seal=seal,
            nonce=nonce or "",
            variables=variables,
        )
        sources = () if redirect_uri is None else (form_action_source(redirect_uri),)
        headers = page_headers(
            is_development=self.renderer.is_development,
            form_action_sources=sources,
            frame_sources=_sources_of(frames),
            template_sources=None if template is None else template.sources,
            script_sources=(*(each.url for each in scripts), *own),
            nonce=nonce,
            has_own_script=page.passkey is not None and not own,
            opener_policy=_SCRIPTED if scripts else _ALONE,
        )
        leads = (
            {}
            if departure is None or frames or departure.target is None
            else {"Refresh": f"0; url={departure.target}"}
        )
        return Response(html, status, {**headers, **leads})

    def _own_scripts(self, page: Page, provider: Provider) -> tuple[str, ...]:
        """Return the addresses of our own scripts on a page."""
        if page.passkey is None:
            return ()
        return (f"{provider.origin}{self.renderer.static_urls['passkey.js']}",)

    def form_post(
        self, form_post: FormPost, *, strings: Strings, provider: Provider, correlation_id: str
    ) -> Response:
        """Return the page that posts itself to the application."""
        nonce = self.randomness.opaque(16)
        html = self.renderer.render_form_post(
            form_post,
            strings=strings,
            brand=_brand(provider, strings),
            correlation_id=correlation_id,
            nonce=nonce,
        )
        headers = page_headers(
            is_development=self.renderer.is_development,
            form_action_sources=(form_action_source(form_post.action_url),),
            frame_sources=_sources_of(form_post.frames),
            nonce=nonce,
        )
        return Response(html, 200, dict(headers))

    def error(
        self,
        request: Request,
        code: Code,
        *,
        values: Mapping[str, str],
        status: int = 400,
        provider: Provider | None = None,
        correlation_id: str | None = None,
    ) -> Response:
        """Return the page that says the way ends here, with what a person can pass on."""
        correlation_id = correlation_id or self.randomness.uuid()
        page = error_page(
            Sentence(_SENTENCES.get(code, "error_request")),
            report=_report(code, values, correlation_id, self.clock()),
        )
        return self.page(
            page,
            strings=self.strings_for(request, provider),
            provider=provider,
            correlation_id=correlation_id,
            status=status,
        )


def _sources_of(frames: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(form_action_source(each) for each in frames))


def _brand(provider: Provider | None, strings: Strings) -> Brand:
    return plain_brand("") if provider is None else provider.brands.brand_in(strings.tag)


def _report(
    code: Code, values: Mapping[str, str], correlation_id: str, now: datetime
) -> tuple[str, ...]:
    return (
        f"{code}: {sentence_of(code, values)}",
        f"Correlation ID: {correlation_id}",
        f"Timestamp: {now:%Y-%m-%d %H:%M:%S}Z",
    )
