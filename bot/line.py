"""The LINE Messaging API, and the only importer of linebot: each call ends well, or in one of two errors."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from urllib3 import Timeout
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from bot.logs import pseudonym

log = structlog.get_logger(__name__)

TIMEOUT = (2.0, 5.0)  # seconds to connect and between two bytes; together less than a chat's lock lasts
IMAGE_TIMEOUT = (15.0, 30.0)  # the first of the two also bounds the sending, which takes a while for an image
MONTHLY_LIMIT = "monthly limit"

Message = dict[str, Any]


class LineError(Exception):
    """A call that LINE did not accept. `status` is LINE's HTTP status, 0 when there was no answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"{status} {message}")
        self.status = status
        self.message = message


class RetryableError(LineError):
    """LINE may accept the same call later. `unsure`: it may even have accepted this one, and its answer got lost."""

    def __init__(self, status: int, message: str, *, unsure: bool = False) -> None:
        super().__init__(status, message)
        self.unsure = unsure


class PermanentError(LineError):
    """LINE will never accept this call."""

    @property
    def token_spent(self) -> bool:
        """Whether a reply token was used before, is too old or never existed."""
        return self.status == 400 and "reply token" in self.message.lower()

    @property
    def monthly_limit(self) -> bool:
        """Whether the month's messages are used up."""
        return self.status == 429


@dataclass(frozen=True)
class Quota:
    """Messages that count this month: `limit` is None where there is none; `used` is approximate."""

    limit: int | None
    used: int


@dataclass(frozen=True)
class Profile:
    """How a person is called on LINE."""

    name: str
    language: str | None = None


@dataclass(frozen=True)
class BotInfo:
    """The LINE Official Account: its user id, its @id and its name."""

    user_id: str
    basic_id: str
    name: str


@dataclass(frozen=True)
class RichMenu:
    """A menu that LINE keeps: its id, and the name that its maker gave it, which people do not see."""

    id: str
    name: str


@dataclass(frozen=True)
class _Posted:
    """What the SDK's calls give for an accepted one."""

    status_code: int
    headers: Any
    data: Any


class Line:
    """One shared connection pool to LINE, for any number of threads.

    `messages` are LINE's own message objects (1 to 5 a call). Every method raises RetryableError or PermanentError.
    `data_host` is LINE's content API, which takes images.
    """

    def __init__(
        self,
        access_token: str,
        host: str,
        log_key: str,
        timeout: tuple[float, float] = TIMEOUT,
        data_host: str = "",
    ) -> None:
        # 1.3 to 1.9 s and 75 MB that only a process that sends should pay
        from linebot.v3 import messaging  # type: ignore[import-untyped]
        from linebot.v3.messaging.exceptions import ApiException  # type: ignore[import-untyped]

        self._sdk = messaging
        self._access_token = access_token
        self._data_host = data_host or host
        self._client = self._connections(host)
        self._api = messaging.MessagingApi(self._client)
        self._api_exception: type[Exception] = ApiException
        self._log_key = log_key
        self._timeout = timeout

    def reply(self, token: str, messages: Sequence[Message]) -> None:
        """Answer an event by its reply token: free of quota, once, within a minute."""
        request = self._request("ReplyMessageRequest", {"replyToken": token, "messages": list(messages)})
        self._call("reply", self._api.reply_message_with_http_info, request)

    def push(self, to: str, messages: Sequence[Message], retry_key: str) -> None:
        """Send to one user, group or room. The same `retry_key` (a UUID) goes through once in 24 hours."""
        request = self._request("PushMessageRequest", {"to": to, "messages": list(messages)})
        self._call("push", self._api.push_message_with_http_info, request, retry_key, to=to)

    def multicast(self, to: Sequence[str], messages: Sequence[Message], retry_key: str) -> None:
        """Send to up to 500 users. The same `retry_key` (a UUID) goes through once in 24 hours."""
        self.multicast_json(json.dumps(list(to)), json.dumps(list(messages)), retry_key, len(to))

    def multicast_json(self, to: str, messages: str, retry_key: str, recipients: int) -> None:
        """The same with both as JSON texts, byte for byte what LINE gets."""
        # Past the SDK's models: 500 ids cost 6 ms there, ten times as much as the call itself.
        body = f'{{"to":{to},"messages":{messages}}}'.encode()
        self._call("multicast", self._post, "/v2/bot/message/multicast", body, retry_key, recipients=recipients)

    def show_loading(self, chat: str, seconds: int = 5) -> None:
        """Show a user that an answer is on its way, for 5 to 60 seconds in steps of 5; not in groups and rooms."""
        request = self._request("ShowLoadingAnimationRequest", {"chatId": chat, "loadingSeconds": seconds})
        self._call("loading", self._api.show_loading_animation_with_http_info, request, to=chat)

    def profile(self, user: str) -> Profile:
        """The name of a user who is a friend of the account."""
        found = self._call("profile", self._api.get_profile_with_http_info, user, to=user)
        return Profile(name=_field(found, "display_name"), language=getattr(found, "language", None))

    def quota(self) -> Quota:
        """This month's limit and use."""
        limit = self._call("quota", self._api.get_message_quota_with_http_info)
        used = self._call("quota_consumption", self._api.get_message_quota_consumption_with_http_info)
        return Quota(limit=getattr(limit, "value", None), used=_field(used, "total_usage"))

    def bot_info(self) -> BotInfo:
        """Who the access token speaks for."""
        found = self._call("bot_info", self._api.get_bot_info_with_http_info)
        return BotInfo(_field(found, "user_id"), _field(found, "basic_id"), _field(found, "display_name"))

    def create_rich_menu(self, menu: dict[str, Any]) -> str:
        """Keep a menu (LINE's rich menu object), still without its image; its id."""
        request = self._request("RichMenuRequest", menu)
        return str(
            _field(self._call("rich_menu_create", self._api.create_rich_menu_with_http_info, request), "rich_menu_id")
        )

    def upload_rich_menu_image(self, menu: str, png: bytes) -> None:
        """Give a menu its image: once, at most 1 MB, of the menu's own size."""
        blob = self._sdk.MessagingApiBlob(self._connections(self._data_host))
        upload = partial(blob.set_rich_menu_image_with_http_info, _headers={"Content-Type": "image/png"})
        self._call("rich_menu_image", upload, menu, png, timeout=IMAGE_TIMEOUT)

    def rich_menus(self) -> tuple[RichMenu, ...]:
        """The menus that were made through the API, ours and others."""
        # Past the SDK's models: one menu of somebody else's that they do not know would hide all of them.
        read = partial(
            self._client.call_api,
            "/v2/bot/richmenu/list",
            "GET",
            header_params={"Accept": "application/json"},
            response_types_map={"200": "object"},
            auth_settings=["Bearer"],
        )
        found = self._call("rich_menu_list", read)
        menus = found.get("richmenus") if isinstance(found, dict) else None
        if not isinstance(menus, list):
            raise PermanentError(200, "LINE's answer lacks richmenus")
        return tuple(RichMenu(str(menu.get("richMenuId")), str(menu.get("name"))) for menu in menus)

    def default_rich_menu(self) -> str | None:
        """The id of the menu that everyone sees; None when the API has set none."""
        found = self._call("rich_menu_default", self._api.get_default_rich_menu_id_with_http_info, none=404)
        return None if found is None else str(_field(found, "rich_menu_id"))

    def set_default_rich_menu(self, menu: str) -> None:
        """Show a menu, which has its image, to everyone who has none of their own."""
        self._call("rich_menu_set_default", self._api.set_default_rich_menu_with_http_info, menu)

    def cancel_default_rich_menu(self) -> None:
        """Show nobody the default menu any longer."""
        self._call("rich_menu_cancel_default", self._api.cancel_default_rich_menu_with_http_info)

    def delete_rich_menu(self, menu: str) -> None:
        """Forget a menu; one that is gone already is no error."""
        self._call("rich_menu_delete", self._api.delete_rich_menu_with_http_info, menu, none=404)

    def _post(self, path: str, body: bytes, retry_key: str, *, _request_timeout: tuple[float, float]) -> _Posted:
        """POST a finished body over the SDK's own connections; raises what the SDK raises."""
        connect, read = _request_timeout
        answer = self._client.rest_client.pool_manager.request(
            "POST",
            self._client.configuration.host + path,
            body=body,
            headers={
                "Authorization": f"Bearer {self._access_token}",
                "Content-Type": "application/json",
                "User-Agent": self._client.user_agent,
                "X-Line-Retry-Key": retry_key,
            },
            timeout=Timeout(connect=connect, read=read),
            retries=False,
            redirect=False,
        )
        if not 200 <= answer.status < 300:
            refused: Any = self._api_exception(status=answer.status, reason=answer.reason)  # type: ignore[call-arg]
            refused.body, refused.headers = answer.data, answer.headers
            raise refused
        return _Posted(answer.status, answer.headers, None)

    def _connections(self, host: str) -> Any:
        configuration = self._sdk.Configuration(host=host.rstrip("/"), access_token=self._access_token)
        configuration.retries = False  # urllib3 would repeat calls behind our back
        configuration.connection_pool_maxsize = 64
        return self._sdk.ApiClient(configuration)

    def _request(self, name: str, body: dict[str, Any]) -> Any:
        try:
            return getattr(self._sdk, name).from_dict(body)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            # The SDK's own check: the text of its error holds the message, which belongs in no log.
            raise PermanentError(0, f"not a message that LINE takes ({type(error).__name__})") from None

    def _call(
        self,
        endpoint: str,
        method: Callable[..., Any],
        *arguments: Any,
        to: str = "",
        recipients: int = 1,
        none: int = 0,
        timeout: tuple[float, float] | None = None,
    ) -> Any:
        """What LINE answers; None to the status `none`, which then says that there is nothing, and is no error."""
        started = time.monotonic()
        status, problem, unsure = 0, "", False
        headers: Any = {}
        data: Any = None
        try:
            response = method(*arguments, _request_timeout=timeout or self._timeout)
            status, headers, data = response.status_code, response.headers or {}, response.data
        except self._api_exception as error:
            status, headers, problem = _told(error)
        except HTTPError as error:
            problem = type(error).__name__
            unsure = not isinstance(error, (NewConnectionError, ConnectTimeoutError))
        except OSError as error:
            problem, unsure = type(error).__name__, True
        except ValueError as error:
            # LINE answered, but the SDK cannot read the answer. An error of LINE's is then this one's context.
            context = error.__context__
            if isinstance(context, self._api_exception):
                status, headers, problem = _told(context)
            else:
                status, problem = 200, f"answer unreadable ({type(error).__name__})"
        # 409: this retry key was accepted before
        accepted = 200 <= status < 300 or status == 409 or (none > 0 and status == none)
        (log.info if accepted else log.warning)(
            "line_called",
            endpoint=endpoint,
            status=status,
            ms=round((time.monotonic() - started) * 1000),
            request_id=headers.get("x-line-request-id"),
            to=pseudonym(to, self._log_key) if to else None,
            recipients=recipients,
            problem=problem or None,
        )
        if accepted:
            return data
        if status == 429 and MONTHLY_LIMIT in problem.lower():
            raise PermanentError(status, problem)
        if status == 0 or status == 429 or status >= 500:
            raise RetryableError(status, problem, unsure=unsure or status >= 500)
        raise PermanentError(status, problem)


def _told(error: Any) -> tuple[int, Any, str]:
    """Status, headers and text of LINE's refusal."""
    body = error.body.decode("utf-8", "replace") if isinstance(error.body, bytes) else error.body
    return error.status or 0, error.headers or {}, str(body or error.reason or "")[:500]


def _field(found: Any, name: str) -> Any:
    value = getattr(found, name, None)
    if value is None:
        raise PermanentError(200, f"LINE's answer lacks {name}")
    return value
