"""Verbs about packs: a first publication, consultation, announcement, withdrawal."""

from xiaobao.promises.acts.announcing import (
    AnnouncementStands,
    announce_pack,
    withdraw_pack,
)
from xiaobao.promises.acts.consulting import comment_on, consult_on, reply_to
from xiaobao.promises.acts.publishing import (
    AnnounceFirst,
    OtherMarketShape,
    OtherPackLine,
    PackRefused,
    TermsStand,
    VersionWithdrawn,
    publish_pack,
)

__all__ = [
    "AnnounceFirst",
    "AnnouncementStands",
    "OtherMarketShape",
    "OtherPackLine",
    "PackRefused",
    "TermsStand",
    "VersionWithdrawn",
    "announce_pack",
    "comment_on",
    "consult_on",
    "publish_pack",
    "reply_to",
    "withdraw_pack",
]
