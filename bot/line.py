"""The LINE Messaging API, and the only importer of linebot: each call ends well, or in one of two errors."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from bot.logs import pseudonym

log = structlog.get_logger(__name__)

TIMEOUT = (2.0, 5.0)  # seconds to connect and between two bytes; together less than a chat's lock lasts
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


class Line:
    """One shared connection pool to LINE, for any number of threads.

    `messages` are LINE's own message objects (1 to 5 a call). Every method raises RetryableError or PermanentError.
    """

    def __init__(self, access_token: str, host: str, log_key: str, timeout: tuple[float, float] = TIMEOUT) -> None:
        # 1.3 to 1.9 s and 75 MB that only a process that sends should pay
        from linebot.v3 import messaging  # type: ignore[import-untyped]
        from linebot.v3.messaging.exceptions import ApiException  # type: ignore[import-untyped]

        configuration = messaging.Configuration(host=host.rstrip("/"), access_token=access_token)
        configuration.retries = False  # urllib3 would repeat calls behind our back
        configuration.connection_pool_maxsize = 64
        self._sdk = messaging
        self._api = messaging.MessagingApi(messaging.ApiClient(configuration))
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
        request = self._request("MulticastRequest", {"to": list(to), "messages": list(messages)})
        self._call("multicast", self._api.multicast_with_http_info, request, retry_key, recipients=len(to))

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

    def _request(self, name: str, body: dict[str, Any]) -> Any:
        try:
            return getattr(self._sdk, name).from_dict(body)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            # The SDK's own check: the text of its error holds the message, which belongs in no log.
            raise PermanentError(0, f"not a message that LINE takes ({type(error).__name__})") from None

    def _call(
        self, endpoint: str, method: Callable[..., Any], *arguments: Any, to: str = "", recipients: int = 1
    ) -> Any:
        started = time.monotonic()
        status, problem, unsure = 0, "", False
        headers: Any = {}
        data: Any = None
        try:
            response = method(*arguments, _request_timeout=self._timeout)
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
        accepted = 200 <= status < 300 or status == 409  # 409: this retry key was accepted before
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
