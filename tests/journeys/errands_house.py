"""Errands about the house itself, run with the client nobody here wrote: what it is, its notices, and its desk."""

import datetime as dt
import functools
from typing import Any

import pytest
from mastodon import MastodonAPIError, MastodonNotFoundError
from tests.journeys.company import Company
from tests.journeys.errands_posts import ids

from parvis.moderation import announcements, house
from parvis.people.accounts import Application, open_account
from parvis.store.transaction import Tx


def looking_round(they: Company) -> None:
    """What the instance says of itself."""
    ada = they.ada
    rule = they.act(lambda tx: house.add_rule(tx, None, "Be kind."))
    assert ada.instance().version == ada.instance_v2().version == ada.instance_v1().version
    assert ada.retrieve_mastodon_version() == ada.instance_v2().version.partition(" ")[0].partition("+")[0]
    assert ada.verify_minimum_version("4.3.0")
    assert [(one.id, one.text) for one in ada.instance_rules()] == [(str(rule), "Be kind.")]
    assert len(ada.instance_activity()) == 12
    assert list(ada.instance_peers()) == []
    assert ada.instance_health()
    assert ada.stream_healthy()
    assert "<p>" in ada.instance_extended_description().content
    assert "<p>" in ada.instance_terms_of_service().content
    assert "en" in [one.code for one in ada.instance_languages()]
    assert ada.instance_nodeinfo().software.name == "parvis"
    assert isinstance(ada.instance_translation_languages(), dict)
    assert list(ada.custom_emojis()) == []
    assert ada.oauth_authorization_server_info().issuer == they.address
    moment: dt.datetime = ada.get_approx_server_time()
    assert abs(moment.replace(tzinfo=dt.UTC) - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)
    with pytest.raises(MastodonAPIError):
        ada.email_resend_confirmation()
    assert list(ada.annual_reports().annual_reports) == []
    assert ada.annual_report_state(2025).state == "ineligible"


def noticing(they: Company) -> None:
    """Announcements."""
    ada = they.ada
    notice = announcements.Notice(text="The square closes at noon.")
    made = they.act(lambda tx: announcements.announce(tx, None, notice, "here.example"))
    they.settle()
    assert [(one.id, one.read) for one in ada.announcements()] == [(str(made.id), False)]
    ada.announcement_reaction_create(made.id, "👍")
    assert [(one.name, one.count, one.me) for one in ada.announcements()[0].reactions] == [("👍", 1, True)]
    ada.announcement_reaction_delete(made.id, "👍")
    assert list(ada.announcements()[0].reactions) == []
    ada.announcement_dismiss(made.id)
    assert list(ada.announcements()) == [] or ada.announcements()[0].read


def reporting(they: Company) -> None:
    """A report, and what becomes of it."""
    ada, ben, boss = they.ada, they.ben, they.boss
    said = ben.status_post("Something rude")
    report = ada.report(ben.me(), status_ids=[said], comment="Rude", category="spam")
    assert (report.category, report.comment, report.target_account.id) == ("spam", "Rude", ben.me().id)
    assert report.id in ids(boss.admin_reports())
    assert ids(boss.admin_report(report).statuses) == [said.id]
    assert boss.admin_report_assign(report).assigned_account.id == boss.me().id
    assert boss.admin_report_unassign(report).assigned_account is None
    assert boss.admin_report_resolve(report).action_taken
    assert report.id in ids(boss.admin_reports(resolved=True))
    assert not boss.admin_report_reopen(report).action_taken
    with pytest.raises(MastodonAPIError):
        ada.admin_reports()


def moderating(they: Company) -> None:
    """Accounts at the desk."""
    boss = they.boss
    newcomer = functools.partial(_newcomer, they)
    gil = newcomer("gil")
    assert boss.admin_account(gil).username == "gil"
    assert ids(boss.admin_accounts_v2(username="gil")) == [gil]
    assert gil in ids(boss.admin_accounts(status="active"))
    assert gil in [one["id"] for one in boss.admin_accounts_v1()]
    undone = {
        "sensitive": ("sensitized", boss.admin_account_unsensitive),
        "silence": ("silenced", boss.admin_account_unsilence),
        "disable": ("disabled", boss.admin_account_enable),
        "suspend": ("suspended", boss.admin_account_unsuspend),
    }
    for action, (state, undo) in undone.items():
        boss.admin_account_moderate(gil, action, text="No.", send_email_notification=False)
        assert boss.admin_account(gil)[state], action
        assert not undo(gil)[state], action
    boss.admin_account_moderate(gil, "suspend")
    assert boss.admin_account_delete(gil).username == "gil"
    they.settle()
    eve, fay = newcomer("eve", pending=True), newcomer("fay", pending=True)
    assert sorted(ids(boss.admin_accounts_v2(status="pending"))) == sorted([eve, fay])
    assert boss.admin_account_approve(eve).approved
    boss.admin_account_reject(fay)
    they.settle()
    with pytest.raises(MastodonNotFoundError):
        boss.admin_account(fay)


def _newcomer(they: Company, handle: str, **more: Any) -> Any:
    async def join(tx: Tx) -> int:
        opened = await open_account(tx, Application(handle=handle, email=f"{handle}@example.com", **more))
        return opened.id

    return str(they.act(join))


def gates(they: Company) -> None:
    """Who is kept out."""
    boss = they.boss
    barred = boss.admin_create_domain_block("bad.example", severity="silence", public_comment="Spam")
    assert ids(boss.admin_domain_blocks()) == [barred.id]
    assert boss.admin_domain_blocks(barred.id).domain == "bad.example"
    assert boss.admin_update_domain_block(barred, severity="suspend", reject_media=True).severity == "suspend"
    assert [one.domain for one in boss.instance_domain_blocks()] == ["bad.example"]
    boss.admin_delete_domain_block(barred)
    assert list(boss.admin_domain_blocks()) == []

    allowed = boss.admin_create_domain_allow("good.example")
    assert boss.admin_domain_allow(allowed).domain == "good.example"
    assert ids(boss.admin_domain_allows()) == [allowed.id]
    boss.admin_delete_domain_allow(allowed)
    assert list(boss.admin_domain_allows()) == []

    mail = boss.admin_create_email_domain_block("spam.example")
    assert boss.admin_email_domain_block(mail).domain == "spam.example"
    assert ids(boss.admin_email_domain_blocks()) == [mail.id]
    boss.admin_delete_email_domain_block(mail)
    assert list(boss.admin_email_domain_blocks()) == []

    network = boss.admin_create_ip_block("192.0.2.0/24", "sign_up_block", comment="Noise", expires_in=3600)
    assert (boss.admin_ip_block(network).comment, ids(boss.admin_ip_blocks())) == ("Noise", [network.id])
    assert boss.admin_update_ip_block(network, severity="no_access").severity == "no_access"
    boss.admin_delete_ip_block(network)
    assert list(boss.admin_ip_blocks()) == []

    address = boss.admin_create_canonical_email_block(email="Dan.Smith+x@example.com")
    assert ids(boss.admin_test_canonical_email_block("dansmith@example.com")) == [address.id]
    assert boss.admin_canonical_email_block(address).id == address.id
    assert ids(boss.admin_canonical_email_blocks()) == [address.id]
    boss.admin_delete_canonical_email_block(address)
    assert list(boss.admin_canonical_email_blocks()) == []


def counting(they: Company) -> None:
    """Figures of the house."""
    boss = they.boss
    until = dt.datetime.now(dt.UTC)
    since = until - dt.timedelta(days=2)
    (measure,) = boss.admin_measures(since, until, new_users=True)
    assert (measure.key, int(measure.total) >= 4) == ("new_users", True)
    assert {one.key for one in boss.admin_dimensions(since, until, languages=True, software_versions=True)} == {
        "languages",
        "software_versions",
    }
    assert boss.admin_retention(since, until, frequency="day")[0].frequency == "day"


ERRANDS = (looking_round, noticing, reporting, moderating, gates, counting)
