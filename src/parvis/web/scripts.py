"""The modules that bring pages to life: which of them come at once, and the words that all of them say."""

from typing import Final

from parvis.core.words import N_

MODULES: Final = ("app.js", "feed.js", "live.js", "page.js", "times.js")
"""What every page loads at once; all other modules come when they are first needed."""
SCRIPT_WORDS: Final = {
    "now": N_("now"),
    "minutes": N_("{n}m"),
    "hours": N_("{n}h"),
    "days": N_("{n}d"),
    "new_post": N_("1 new post"),
    "new_posts": N_("{n} new posts"),
    "heard": N_("New post by {name}"),
    "failed": N_("That did not work. Try again."),
    "offline": N_("The network is away. Try again in a moment."),
    "copied": N_("The link is copied."),
    "posted": N_("Posted."),
    "see": N_("See it"),
    "deleted": N_("Deleted."),
    "muted": N_("Muted."),
    "blocked": N_("Blocked."),
    "most": N_("Up to 4 pictures."),
    "close": N_("Close"),
    "compose": N_("Write a post"),
    "reply": N_("Reply"),
    "no_alt": N_("No description"),
    "cancel": N_("Cancel"),
    "making": N_("{name} is being made playable…"),
    "not_playable": N_("This file could not be made playable."),
    "next_part": N_("And then…"),
    "take_away": N_("Take this part away"),
    "ask_alt": N_("Some pictures have no description. Who cannot see them will miss them."),
    "post_anyway": N_("Post anyway"),
    "scheduled": N_("It will be posted when you said."),
    "undo": N_("Undo"),
    "hidden": N_("Hidden."),
    "bookmarked": N_("Kept among your bookmarks."),
    "unbookmarked": N_("No longer among your bookmarks."),
    "pinned": N_("Pinned to your profile."),
    "unpinned": N_("No longer pinned."),
    "hushed": N_("This conversation will not ring any more."),
    "unhushed": N_("This conversation may ring again."),
    "requested": N_("Asked"),
    "thread": N_("The whole thread"),
    "previous": N_("Previous picture"),
    "next": N_("Next picture"),
    "history": N_("History of changes"),
    "away": N_("The network is away. What you saw can still be read."),
    "kept_offline": N_("It will go out when the network is back."),
    "sent_later": N_("What you wrote without a network is posted."),
}
"""What the modules say, in the reader's language: they find it in the page's head."""
CROP_WORDS: Final = {
    "crop": N_("Cut it to shape"),
    "crop_across": N_("Left and right"),
    "crop_down": N_("Up and down"),
    "crop_size": N_("Nearer"),
    "crop_not": N_("Leave it whole"),
    "crop_yes": N_("Take this part"),
}
"""What is said besides where a picture is cut to its shape."""
