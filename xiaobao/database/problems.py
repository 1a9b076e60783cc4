"""Why the database cannot be used: each problem says, in both languages, what to do about it."""

from __future__ import annotations

from typing import ClassVar

from xiaobao.kernel.problems import Problem


class EmbeddedServerFailed(Problem):
    """The embedded PostgreSQL could not be made, started or stopped."""

    code: ClassVar[str] = "embedded_server_failed"
    status: ClassVar[int] = 503
    zh: ClassVar[str] = "内置 PostgreSQL 无法使用：{reason}；日志：{log}"
    en: ClassVar[str] = "the embedded PostgreSQL cannot be used: {reason}; its log: {log}"


class HomeNotUsable(EmbeddedServerFailed):
    code = "home_not_usable"
    zh = (
        "无法使用 {place}（{reason}）。请把 XIAOBAO_HOME 设为可写的目录，"
        "或用 DATABASE_URL 指定数据库。"
    )
    en = (
        "cannot use {place} ({reason}). Set XIAOBAO_HOME to a folder you may write to, "
        "or DATABASE_URL to a server."
    )


class PathNotUsable(EmbeddedServerFailed):
    code = "path_not_usable"
    zh = (
        "路径 {place} 含有引号、$、`、\\ 或换行，PostgreSQL 的工具无法处理。"
        "请换一个 XIAOBAO_HOME。"
    )
    en = (
        "the path {place} holds a double quote, $, `, \\ or a line break, which the tools of "
        "PostgreSQL cannot take. Set another XIAOBAO_HOME."
    )


class HomeOfAnother(EmbeddedServerFailed):
    code = "home_of_another"
    zh = "{place} 属于账户 {owner}。请用该账户运行，或把 XIAOBAO_HOME 设为别的目录。"
    en = "{place} belongs to {owner}. Run as that account, or set XIAOBAO_HOME to another folder."


class HomeOfAnotherVersion(EmbeddedServerFailed):
    code = "home_of_another_version"
    zh = (
        "{place} 由 PostgreSQL {found} 建立，随附的是 {shipped}。"
        "请用原来的版本导出后再导入，或另设 XIAOBAO_HOME。"
    )
    en = (
        "{place} was made by PostgreSQL {found}, and {shipped} is installed. Dump it with the "
        "version that made it and load it here, or set another XIAOBAO_HOME."
    )


class DiskFull(EmbeddedServerFailed):
    code = "disk_full"
    zh = "{place} 所在磁盘只剩 {free_mb} MB，至少需要 {needed_mb} MB。请腾出空间后重试。"
    en = "the disk of {place} has {free_mb} MB left; {needed_mb} MB are needed. Make room, retry."


class ServerAccountMissing(EmbeddedServerFailed):
    code = "server_account_missing"
    zh = (
        "PostgreSQL 不能以 root 运行，而账户 {account} 无法建立（{reason}）。请执行 "
        "useradd --system --no-create-home {account}，或以普通用户运行，或设置 DATABASE_URL。"
    )
    en = (
        "PostgreSQL does not run as root, and the account {account} cannot be made ({reason}). "
        "Run `useradd --system --no-create-home {account}`, or run as an ordinary user, "
        "or set DATABASE_URL."
    )


class SettingNotUsable(EmbeddedServerFailed):
    code = "setting_not_usable"
    zh = "环境变量 {name} 的值 {value} 无法使用：应为{fix_zh}。"
    en = "the environment variable {name} is {value}: it must be {fix_en}."


class DatabaseNotUsable(Problem):
    """The database answers, yet cannot be used as it is."""

    code: ClassVar[str] = "database_not_usable"
    status: ClassVar[int] = 503
    zh: ClassVar[str] = "数据库无法使用：{reason}"
    en: ClassVar[str] = "the database cannot be used: {reason}"


class ServerTooOld(DatabaseNotUsable):
    code = "server_too_old"
    zh = (
        "PostgreSQL {found} 太旧：需要 {needed} 或更新的版本。"
        "请把 DATABASE_URL 指向更新的服务器，或取消该变量以使用内置数据库。"
    )
    en = (
        "PostgreSQL {found} is too old: {needed} or newer is needed. Point DATABASE_URL at a "
        "newer server, or unset it to use the embedded one."
    )


class RoleNotAllowed(DatabaseNotUsable):
    code = "role_not_allowed"
    zh = "账户 {owner} 不能建立或使用角色 {role}。请由数据库管理员执行一次：{sql}"
    en = (
        "{owner} may not create or take on the role {role}. "
        "Let an administrator of the server run once: {sql}"
    )


class SchemaNotAllowed(DatabaseNotUsable):
    code = "schema_not_allowed"
    zh = "账户 {owner} 不能在数据库 {database} 中建表。请由数据库管理员执行一次：{sql}"
    en = (
        "{owner} may not make tables in the database {database}. "
        "Let an administrator of the server run once: {sql}"
    )
