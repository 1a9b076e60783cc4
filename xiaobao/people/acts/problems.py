"""Why accounts, roles and signatures cannot be had now; each says what to do about it."""

from __future__ import annotations

from typing import ClassVar

from xiaobao.kernel.problems import Problem


class NameUnusable(Problem):
    """No account can be called so."""

    code = "name_unusable"
    status: ClassVar[int] = 422
    zh = "name 字段：“{name}”不能作用户名；请用不超过 150 个字母、数字或 @ . + - _"
    en = "name: '{name}' cannot be a user name; use at most 150 letters, digits or @ . + - _"


class NameTaken(Problem):
    """Somebody is called so already."""

    code = "name_taken"
    zh = "name 字段：已有账号名为“{name}”；请换一个，或用 grant 给它角色"
    en = "name: an account is called '{name}' already; choose another, or give it the role"


class RoleMisplaced(Problem):
    """A shop's role was asked for on the staff, or a role of the staff in a shop."""

    code = "role_misplaced"
    status: ClassVar[int] = 422
    zh = "role 字段：店主和店员须指明店铺，平台岗位不得指明店铺"
    en = "role: owners and clerks need a shop named; roles of the staff must name none"


class RolesConflict(Problem):
    """One person would decide on shops and have a part in one."""

    code = "roles_conflict"
    zh = "role 字段：“{name}”不能既在平台任职又在店铺任职；请为其另开账号"
    en = "role: '{name}' cannot work for the marketplace and for a shop; make another account"


class NotYourOwn(Problem):
    """Nobody gives themselves a role, or takes one of theirs away."""

    code = "not_your_own"
    status: ClassVar[int] = 403
    zh = "不能更改自己的角色；请由另一位管理员办理"
    en = "you cannot change your own roles; ask another administrator"


class LastAdministrator(Problem):
    """Nobody would be left to give roles."""

    code = "last_administrator"
    zh = "“{name}”是最后一位管理员；请先指定另一位"
    en = "'{name}' is the last administrator; name another one first"


class InvitationSpent(Problem):
    """The link was opened before, ran out, was followed by a newer one, or never was."""

    code = "invitation_spent"
    status: ClassVar[int] = 404
    zh = "这个邀请链接已被使用或已失效；请向管理员要一个新的"
    en = "this link was used before, or has run out; ask an administrator for a new one"


class PasswordWeak(Problem):
    """The password can be guessed."""

    code = "password_weak"
    status: ClassVar[int] = 422
    zh = "password 字段：{why_zh}"
    en = "password: {why_en}"


class IntentStands(Problem):
    """Somebody signed for the very thing already."""

    code = "intent_stands"
    zh = "此事项已有人签署，等待第二人联签；请在“待联签”中联签或退回"
    en = "somebody signed for this already: sign with them, or refuse, under 'to be signed'"


class IntentOver(Problem):
    """It was signed, refused, ran out, or never was."""

    code = "intent_over"
    status: ClassVar[int] = 404
    zh = "没有这件待联签的事项：已办结、已退回或已过期"
    en = "nothing waits to be signed here: it was signed, refused, or ran out"


class SignerLeft(Problem):
    """Who signs, first or second, does not have the duty's role any more."""

    code = "signer_left"
    status: ClassVar[int] = 403
    zh = "“{name}”已不在此岗位，其签署不再算数；请退回此事项，由在岗的两人重新签署"
    en = (
        "'{name}' does not have the role for this any more, and that signature counts no more: "
        "refuse it, and let two who have it sign"
    )


class NotApart(Problem):
    """One of the two made the other's account, or one third person both; through others too."""

    code = "not_apart"
    status: ClassVar[int] = 403
    zh = (
        "两人的账号在近 {days} 天内由其中一人、或由同一人（直接或经其他账号）邀请或授岗，"
        "不算两人；请由另一人联签，或 {days} 天后再联签"
    )
    en = (
        "one of the two, or one third person, invited both or gave both their roles within "
        "{days} days, by themselves or through other accounts: they do not count as two. "
        "Let another person sign, or wait"
    )


class SamePerson(Problem):
    """It takes two persons."""

    code = "same_person"
    status: ClassVar[int] = 403
    zh = "联签须由另一人办理；签署人可以退回自己的签署"
    en = "another person has to sign; whoever signed first may only take it back"
