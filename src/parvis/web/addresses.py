"""Every address of the pages, in one list.

`/{anything}` comes last and says that there is no such place: a composition root puts these routes after all others.
"""

from starlette.responses import Response
from starlette.routing import BaseRoute, Route, compile_path

from parvis.core.errors import NotFound
from parvis.moderation.roles import May
from parvis.posts.drafts import MOST_PICTURES
from parvis.store.transaction import Tx
from parvis.web import (
    about,
    assets,
    barriers,
    belongings,
    collecting,
    complete,
    composer,
    desk,
    desk_engine,
    desk_gate,
    desk_house,
    desk_numbers,
    desk_people,
    drawings,
    editing,
    embeds,
    exploring,
    feeds,
    filtering,
    live,
    messages,
    notices,
    offline,
    placing,
    preferences,
    profiles,
    recovering,
    reporting,
    requests,
    revising,
    scheduled,
    searching,
    security,
    shelves,
    signing,
    square,
    styleguide,
    threads,
    translations,
    uploading,
    waiting,
)
from parvis.web.desk import counting, for_staff
from parvis.web.door import Door
from parvis.web.visit import PUT_OUT, Visit, acts, reads

READERS = (
    ("/", square.read_root),
    ("/home", about.go_home),
    ("/local", square.read_local),
    (exploring.PAGE, exploring.read_posts),
    (f"{exploring.PAGE}/tags", exploring.read_tags),
    (f"{exploring.PAGE}/links", exploring.read_links),
    (f"{exploring.PAGE}/people", exploring.read_people),
    ("/tags/{tag}.rss", feeds.read_tag_feed),
    ("/tags/{tag}", square.read_tag),
    ("/search", searching.read_search),
    ("/compose", composer.read_composer),
    ("/complete", complete.complete),
    ("/drawings", drawings.read_easel),
    ("/drawings/{drawing}", drawings.read_drawing),
    ("/notifications", notices.read_notifications),
    *((f"/notifications/{name}", notices.read_notifications) for name in notices.CHOICES if name),
    ("/notifications/aside", notices.read_aside),
    ("/settings", preferences.read_settings),
    (preferences.PROFILE, preferences.read_profile),
    ("/settings/security", security.read_security),
    (belongings.PAGE, belongings.read_belongings),
    ("/sign-in", signing.read_sign_in),
    (recovering.PAGE, recovering.read_forgotten),
    (recovering.ANEW, recovering.read_anew),
    ("/sign-up", signing.read_sign_up),
    ("/about", about.read_about),
    ("/about/status", about.read_status),
    ("/about/privacy", about.read_words),
    ("/about/terms", about.read_words),
    ("/offline", offline.read_offline),
    ("/sw.js", offline.read_worker),
    ("/styleguide", styleguide.read_styleguide),
    ("/settings/appearance", preferences.read_appearance),
    ("/language/{language}", about.choose_language),
    ("/manifest.webmanifest", about.read_manifest),
    ("/messages", messages.read_messages),
    (messages.BEGIN, messages.read_beginning),
    ("/messages/{conversation}", messages.read_chat),
    ("/requests", requests.read_requests),
    ("/settings/privacy", preferences.read_privacy),
    ("/settings/notifications", notices.read_policy),
    (filtering.PAGE, filtering.read_filters),
    (f"{filtering.PAGE}/{{filter}}", filtering.read_filter),
    (barriers.PAGE, barriers.read_blocks),
    (f"{barriers.PAGE}/muted", barriers.read_mutes),
    (f"{barriers.PAGE}/domains", barriers.read_domains),
    ("/bookmarks", shelves.read_bookmarks),
    ("/likes", shelves.read_likes),
    ("/lists", shelves.read_lists),
    ("/lists/{list}", shelves.read_list),
    ("/lists/{list}/members", shelves.read_members),
    (collecting.PAGE, collecting.read_collections),
    (f"{collecting.PAGE}/{{collection}}", collecting.read_collection),
    (f"{collecting.PAGE}/{{collection}}/edit", collecting.read_edit),
    ("/posts/{post}", threads.read_post),
    ("/posts/{post}/answers", threads.peek_at_answers),
    ("/posts/{post}/history", revising.read_history),
    ("/posts/{post}/edit", editing.read_edit),
    (scheduled.PAGE, scheduled.read_scheduled),
    ("/uploads/{media}", uploading.read_upload),
    ("/@{acct}.rss", feeds.read_account_feed),
    ("/@{acct}/followers", profiles.read_followers),
    ("/@{acct}/following", profiles.read_followers),
    ("/@{acct}/replies", profiles.read_profile),
    ("/@{acct}/media", profiles.read_profile),
    ("/@{acct}/collections", collecting.read_theirs),
    ("/@{acct}/places", placing.read_places),
    ("/@{acct}/report", reporting.read_report),
    ("/report", reporting.read_report_of_post),
    (PUT_OUT, reporting.read_strikes),
    ("/@{acct}/{post}/embed", embeds.read_embed),
    ("/@{acct}/{post}", threads.read_thread),
    ("/@{acct}/{post}/likes", threads.read_crowd),
    ("/@{acct}/{post}/reposts", threads.read_crowd),
    ("/@{acct}", profiles.read_profile),
)
ACTORS = (
    ("/posts", composer.post),
    ("/posts/{post}/translate", translations.translate),
    ("/posts/{post}/delete", threads.delete_post),
    ("/posts/{post}/vote", revising.take_part),
    ("/posts/{post}/edit", editing.change),
    (f"{scheduled.PAGE}/{{scheduled}}", scheduled.move),
    (f"{scheduled.PAGE}/{{scheduled}}/delete", scheduled.take_back),
    *((f"/posts/{{post}}/{verb}", threads.act_on_post) for verb in threads.VERBS),
    *((f"/tags/{{tag}}/{verb}", exploring.act_on_tag) for verb in exploring.VERBS),
    *((f"/accounts/{{account}}/{verb}", profiles.act_on_account) for verb in profiles.VERBS),
    ("/accounts/{account}/note", profiles.keep_note),
    ("/accounts/{account}/places", placing.put_in_places),
    ("/accounts/{account}/manner", profiles.change_manner),
    ("/accounts/{account}/mute-for", profiles.mute_for),
    *((f"/notifications/aside/{{request}}/{verb}", notices.settle_aside) for verb in notices.VERBS),
    ("/drawings", drawings.start_drawing),
    ("/drawings/{drawing}/keep", drawings.keep_drawing),
    *((f"/drawings/{{drawing}}/{verb}", drawings.act_on_drawing) for verb in drawings.VERBS),
    ("/announcements/{announcement}/dismiss", notices.put_away),
    *((f"/announcements/{{announcement}}/{verb}", notices.answer) for verb in notices.REACTIONS),
    ("/lists", shelves.make_list),
    ("/lists/{list}", shelves.change_list),
    ("/lists/{list}/delete", shelves.delete_list),
    ("/lists/{list}/add", shelves.add_member),
    ("/lists/{list}/drop/{account}", shelves.drop_member),
    (collecting.PAGE, collecting.make_collection),
    (f"{collecting.PAGE}/{{collection}}", collecting.change_collection),
    (f"{collecting.PAGE}/{{collection}}/add", collecting.put_in),
    (f"{collecting.PAGE}/{{collection}}/drop/{{item}}", collecting.take_out),
    (f"{collecting.PAGE}/{{collection}}/leave/{{item}}", collecting.leave),
    (f"{collecting.PAGE}/{{collection}}/follow", collecting.follow_all),
    (f"{collecting.PAGE}/{{collection}}/delete", collecting.delete_collection),
    (messages.BEGIN, messages.begin),
    ("/messages/{conversation}", messages.answer),
    ("/messages/{conversation}/delete", messages.put_away),
    *((f"/requests/{{account}}/{verb}", requests.answer_request) for verb in requests.ANSWERS),
    (preferences.PROFILE, preferences.save_profile),
    ("/settings/privacy", preferences.save_privacy),
    ("/settings/notifications", notices.save_policy),
    (filtering.PAGE, filtering.make_filter),
    (f"{filtering.PAGE}/{{filter}}", filtering.change_filter),
    (f"{filtering.PAGE}/{{filter}}/words/{{keyword}}/drop", filtering.drop_keyword),
    (f"{filtering.PAGE}/{{filter}}/delete", filtering.delete_filter),
    (f"{barriers.PAGE}/shun", barriers.shun),
    (f"{barriers.PAGE}/unshun", barriers.unshun),
    ("/look", about.choose_look),
    ("/settings/data/import", belongings.bring_accounts),
    (f"{belongings.PAGE}/claim", belongings.say_mine),
    (f"{belongings.PAGE}/disclaim", belongings.say_mine),
    (f"{belongings.PAGE}/move", belongings.move),
    (f"{belongings.PAGE}/stay", belongings.stay),
    (f"{belongings.PAGE}/leave", belongings.leave),
    ("/settings/security/email", security.change_email),
    ("/settings/security/password", security.set_password),
    ("/settings/security/places", security.end_places),
    ("/settings/security/apps", security.send_app_away),
    ("/settings/security/factor", security.begin_factor),
    ("/settings/security/factor/confirm", security.confirm_factor),
    ("/settings/security/factor/codes", security.renew_codes),
    ("/settings/security/factor/end", security.end_factor),
    ("/settings/security/passkeys/ask", security.ask_for_passkey),
    ("/settings/security/passkeys", security.add_passkey),
    ("/settings/security/passkeys/{passkey}/forget", security.forget_passkey),
    ("/sign-in", signing.come_in),
    ("/sign-in/code", signing.come_in_with_code),
    ("/sign-in/passkey/ask", signing.ask_for_passkey),
    ("/sign-in/passkey", signing.come_in_with_passkey),
    (recovering.PAGE, recovering.ask_for_letter),
    (recovering.ANEW, recovering.choose_anew),
    ("/sign-up", signing.open_door),
    (waiting.AGAIN, waiting.send_again),
    ("/sign-out", signing.go_out),
    ("/@{acct}/report", reporting.report),
    (f"{PUT_OUT}/{{strike}}/appeal", reporting.appeal),
)
DESK_READERS = (
    ("/desk", May.REPORTS, desk.read_reports),
    ("/desk/reports/{report}", May.REPORTS, desk.read_report),
    *desk_people.READERS,
    *desk_house.READERS,
    *desk_gate.READERS,
    *desk_engine.READERS,
    *desk_numbers.READERS,
)
"""The pages of the desk, and what each asks for."""
DESK_ACTORS = (
    ("/desk/reports/{report}/decide", May.USERS, desk.decide_on_report),
    ("/desk/reports/{report}/sort", May.REPORTS, desk.sort_report),
    *((f"/desk/reports/{{report}}/{verb}", May.REPORTS, desk.move_report) for verb in desk.REPORT_VERBS),
    ("/desk/people/{account}/release", May.USERS, desk.release),
    *desk_people.ACTORS,
    *desk_gate.ACTORS,
    *desk_house.ACTORS,
    *desk_engine.ACTORS,
)

PICTURES = {
    "/posts": MOST_PICTURES,
    "/posts/{post}/edit": MOST_PICTURES,
    messages.BEGIN: MOST_PICTURES,
    "/messages/{conversation}": MOST_PICTURES,
    preferences.PROFILE: len(preferences.PICTURES),
    "/settings/data/import": 1,
    "/desk/house/emojis": 1,
}
"""How many pictures may come along; to all other addresses, none."""
FOR_PUT_OUT = {PUT_OUT, f"{PUT_OUT}/{{strike}}/appeal", belongings.PAGE, f"{belongings.PAGE}/leave"}
"""What is open to members whom moderators put out; beside it they are strangers, who may sign out."""


_ACTING = [compile_path(path)[0] for path in (*(path for path, _ in ACTORS), *(path for path, _, _ in DESK_ACTORS))]
_READING = [compile_path(path)[0] for path in (*(path for path, _ in READERS), *(path for path, _, _ in DESK_READERS))]


async def _nowhere(visit: Visit, tx: Tx) -> Response:  # noqa: ARG001 - a reader's signature
    """No such place; whoever comes back to what a form was sent to is led to the page above it."""
    path = visit.request.url.path
    if any(shape.match(path) for shape in _ACTING):
        return visit.go(_page_above(path))
    raise NotFound("Nothing stands at this address, or it is not for you to see.")


def _page_above(path: str) -> str:
    parts = path.split("/")
    above = ("/".join(parts[:most]) for most in range(len(parts) - 1, 1, -1))
    return next((place for place in above if any(shape.match(place) for shape in _READING)), "/")


def routes(door: Door) -> list[BaseRoute]:
    """The routes of all pages, over the rooms that the door opens onto."""
    faces = (
        Route("/faces/{account}.svg", reads(door, profiles.draw_face)),
        Route("/faces/{account}/wide.svg", reads(door, profiles.draw_header)),
        Route("/faces/{account}.png", reads(door, profiles.paint_face)),
        Route("/faces/{account}/wide.png", reads(door, profiles.paint_header)),
    )
    largest = max(door.settings.picture_bytes, door.settings.film_bytes)
    return [
        assets.ROUTE,
        assets.MARK,
        *faces,
        Route("/uploads", acts(door, uploading.upload, pictures=1, file_bytes=largest), methods=["POST"]),
        Route("/live", live.endpoint(door)),
        Route(f"{belongings.PAGE}/archive.zip", belongings.carry_out(door), methods=["GET"]),
        *(
            Route(path, reads(door, reader, for_put_out=path in FOR_PUT_OUT), methods=["GET"])
            for path, reader in READERS
        ),
        *(
            Route(
                path,
                acts(door, actor, pictures=PICTURES.get(path, 0), for_put_out=path in FOR_PUT_OUT),
                methods=["POST"],
            )
            for path, actor in ACTORS
        ),
        *(
            Route(path, reads(door, counting(reader), for_staff(permission)), methods=["GET"])
            for path, permission, reader in DESK_READERS
        ),
        *(
            Route(
                path, acts(door, actor, pictures=PICTURES.get(path, 0), guard=for_staff(permission)), methods=["POST"]
            )
            for path, permission, actor in DESK_ACTORS
        ),
        Route("/{path:path}", reads(door, _nowhere), methods=["GET"]),
    ]
