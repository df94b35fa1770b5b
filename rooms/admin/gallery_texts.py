"""What the gallery's script says, in the language of the request.

Here are only the sentences; when they are said is the business of static/admin/rooms/. They are written
for hotel owners: what happened, and what to do. A key that ends in ``_one`` or ``_other`` is chosen by the
number in ``{count}``.
"""

from django.utils.translation import gettext as _

from rooms.services.advice import LABELS


def gallery_texts() -> dict[str, str]:
    """All sentences by their key, with the script's own ``{placeholders}`` still in them."""
    return {
        **_what_is_going_on(),
        **_what_buttons_do(),
        **_why_a_file_stays_out(),
        **_what_went_wrong(),
        **_what_save_does(),
        **{f"advice_{code}": str(label) for code, label in LABELS.items()},
    }


def _what_is_going_on() -> dict[str, str]:
    return {
        "state_queued": _("Waiting"),
        "state_again": _("Trying again…"),
        "state_offline": _("Waiting for the connection"),
        "state_shrinking": _("Making it smaller…"),
        "state_uploading": _("Going up, {percent}"),
        "state_checking": _("Checking…"),
        "under_way_one": _("{count} under way"),
        "under_way_other": _("{count} under way"),
        "adding_one": _("{count} photo is going up."),
        "adding_other": _("{count} photos are going up."),
        "added_one": _("{count} photo added."),
        "added_other": _("{count} photos added."),
        "made_smaller": _("Made smaller"),
        "shrunk_one": _("{count} was made smaller before sending."),
        "shrunk_other": _("{count} were made smaller before sending."),
        "position": _("Photo {position} of {total}"),
        "moved": _("Photo moved to place {position}."),
        "removed_one": _("Photo removed."),
        "removed_other": _("{count} photos removed."),
        "restored_one": _("The photo is back."),
        "restored_other": _("{count} photos are back."),
        "turned": _("Photo turned."),
        "turned_back": _("The photo is turned back."),
        "replaced": _("Photo replaced. The old one is under “Removed photos”."),
        "replaced_back": _("The old photo is back."),
        "kept": _("The photo is kept as it is."),
        "selected_one": _("{count} photo selected"),
        "selected_other": _("{count} photos selected"),
        "captioned_one": _("Caption given to {count} photo."),
        "captioned_other": _("Caption given to {count} photos."),
        "captions_back_one": _("The caption is as before."),
        "captions_back_other": _("{count} captions are as before."),
        "caption_saving": _("Saving…"),
        "caption_saved": _("Saved"),
        "caption_failed": _("Not saved"),
        "offline": _("You are offline. Photos go up as soon as the connection is back."),
        "online": _("The connection is back."),
    }


def _what_buttons_do() -> dict[str, str]:
    return {
        "move-earlier": _("Move photo {position} earlier"),
        "move-later": _("Move photo {position} later"),
        "make-cover": _("Make photo {position} the cover"),
        "remove": _("Remove photo {position}"),
        "view": _("View photo {position} large"),
        "more": _("More for photo {position}: turn, replace, alternative text"),
        "turn-left": _("Turn photo {position} left"),
        "turn-right": _("Turn photo {position} right"),
        "replace": _("Replace photo {position}"),
        "keep": _("Keep anyway, photo {position}"),
        "select": _("Select photo {position}"),
        "restore": _("Restore {name}"),
        "grip": _("Place of photo {position}"),
        "place": _("Move photo {position} to place"),
        "retry": _("Try photo {position} again"),
        "caption_label": _("Caption of photo {position}"),
        "alternative_label": _("Alternative text of photo {position}"),
        "caption_placeholder": _("Caption"),
        "progress_label": _("Upload of photo {position}"),
    }


def _why_a_file_stays_out() -> dict[str, str]:
    return {
        "error_after_name": _(": {text}"),
        "refused_type": _("this is not a photo we can show. Choose a JPEG, PNG, GIF or WebP file."),
        "refused_folder": _("this is a folder. Open it, and choose the photos that are in it."),
        "refused_heic": _(
            "HEIC photos cannot be shown by every guest's browser. On the iPhone choose Settings, Camera, "
            "Formats, “Most Compatible”, or send the photo as a JPEG."
        ),
        "refused_empty": _("the file is empty. Choose it again, or another one."),
        "refused_unreadable": _("this file can no longer be read. Choose it again."),
        "refused_size": _(
            "the photo has {size}, the limit is {limit}. Make it smaller or choose another one."
        ),
        "refused_proxy": _(
            "the photo has {size}, which is too large for this server. Make it smaller or choose another one."
        ),
        "refused_canvas": _(
            "the photo is too large as it is, and your browser’s protection against fingerprinting keeps "
            "this page from making it smaller. Allow this site to read the canvas, use another browser, or "
            "make the photo smaller yourself."
        ),
        "refused_pixels": _("the photo has too many pixels. Save it smaller, then choose it again."),
        "left_over_one": _("{count} photo was not added"),
        "left_over_other": _("{count} photos were not added"),
        "left_over_why": _("a room holds {limit} photos. Remove some first. ({names})"),
    }


def _what_went_wrong() -> dict[str, str]:
    return {
        "network_error": _("The connection was lost. Try again when it is better: the photo is kept here."),
        "offline_error": _(
            "You are offline. The photo is kept here and goes up once the connection is back."
        ),
        "session_ended": _(
            "Your session has ended. Sign in again in another tab: your photos are kept, "
            "and go up once you are back here."
        ),
        "unclear_answer": _("The server gave no clear answer ({status}). Try again in a moment."),
        "caption_error": _("the caption is not saved. {reason}"),
        "alternative_error": _("the alternative text is not saved. {reason}"),
        "alternative_of": _("alternative text of photo {position}"),
        "caption_of": _("caption of photo {position}"),
        "photo_name": _("Photo {position}"),
        "order_name": _("Order of the photos"),
        "order_failed": _("the new order could not be saved, so the old one is back. {reason}"),
        "order_lost": _(
            "the connection was lost and the new order is not saved. You see the last one that is; "
            "move the photos again when the connection is better."
        ),
        "order_waits": _("you are offline. The new order is saved once the connection is back."),
        "order_stale": _(
            "the gallery was changed elsewhere. You see it as it is now; move the photos again."
        ),
        "remove_failed": _("the photo could not be removed. {reason}"),
        "turn_failed": _("the photo could not be turned and is as it was. {reason}"),
        "replace_failed": _("the photo was not replaced, the old one is still there. {reason}"),
        "replace_back_failed": _("not all came back: look under “Removed photos”. {reason}"),
        "keep_failed": _("this could not be saved. {reason}"),
        "restore_failed": _("the photo could not be brought back. {reason}"),
    }


def _what_save_does() -> dict[str, str]:
    return {
        "save_waiting_one": _("Saving as soon as {count} photo is up…"),
        "save_waiting_other": _("Saving as soon as {count} photos are up…"),
        "save_finishing": _("Saving the last changes of the photos…"),
        "save_leaving": _("Saving…"),
        "save_held": _("Not saved yet. Try again what failed, or press Save again to go on without it."),
        "save_problems": _("Not saved yet, this did not work: {names}."),
    }
