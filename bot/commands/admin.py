"""`lertrat admin`: the console's accounts, where nobody can sign in yet or any more."""

from __future__ import annotations

import sys

import click
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.admin import accounts, people
from bot.admin.accounts import Refused, normal_name
from bot.admin.roles import ROLES
from bot.logs import configure_logs
from bot.rundir import joined_settings
from bot.settings import Settings, load_settings
from bot.storage import users
from bot.storage.database import make_engine, migrate
from bot.storage.users import User


@click.group()
def command() -> None:
    """Open and repair the console's accounts."""


@command.command("create-user")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default="owner", show_default=True, help="What the account may do.")
@click.option("--full-name", help="The person's name, as others see it; NAME when not given.")
def create_user(name: str, role: str, full_name: str | None) -> None:
    """Open account NAME. The password is asked for; from a pipe, it is the first line."""
    _, engine = _open()
    if sys.stdin.isatty():
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    try:
        user = accounts.create(
            engine, None, name=name, full_name=full_name or name, role=role, password=password, link=None
        )
    except Refused as refused:
        raise click.ClickException(str(refused)) from None
    click.echo(f"{user.name}: {role}")


@command.command("list-users")
def list_users() -> None:
    """Every account: name, role, whether it is closed, whether the two-step sign-in is set up."""
    _, engine = _open()
    with engine.connect() as connection:
        for user in users.listed(connection):
            state = "active" if user.active else "closed"
            click.echo(f"{user.name}\t{user.role}\t{state}\t{'two-step' if user.totp_secret else 'password only'}")


@command.command("reset-user")
@click.argument("name")
@click.option("--two-step", is_flag=True, help="Also forget the account's authenticator and recovery codes.")
def reset_user(name: str, two_step: bool) -> None:
    """Print a link, good once and for a day, that sets the password of NAME anew."""
    settings, engine = _open()
    user = _user(engine, name)
    if not user.active:
        raise click.ClickException(f"{user.name} is closed; another owner opens it again in the console")
    if two_step:
        people.reset_two_step(engine, None, user)
    secret = people.reset_link(engine, None, user)
    address = settings.public_url or f"http://127.0.0.1:{settings.port}"
    click.echo(f"{address}/admin/invitation/{secret}")


def _open() -> tuple[Settings, Engine]:
    """The settings of the run that is alive here, if there is one, and its database."""
    settings = joined_settings(load_settings())
    configure_logs(settings.log_level, settings.log_format)
    try:
        migrate(settings.database)
    except SQLAlchemyError as error:
        raise click.ClickException(
            f"the database does not answer ({type(error).__name__}); check DATABASE_URL"
        ) from None
    return settings, make_engine(settings.database)


def _user(engine: Engine, name: str) -> User:
    with engine.connect() as connection:
        user = users.by_name(connection, normal_name(name))
    if user is None:
        raise click.ClickException(f"there is no account {name}; see `lertrat admin list-users`")
    return user
