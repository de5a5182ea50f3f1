//! People by the command line, beside a running server: it sees the change within two seconds.

use std::io::BufRead;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, anyhow, ensure};
use clap::Subcommand;

use super::say;
use crate::app::org_options;
use crate::base::{SystemClock, UnitId};
use crate::config::Config;
use crate::org::{NewGrant, NewPerson, Org, Person, PersonPatch, Role, readable_password};
use crate::store::Store;

#[derive(Subcommand)]
pub(super) enum Act {
    /// 新增人员;不给密码则生成一个并显示一次 · Add a person; without a password one is made and shown once
    Add {
        /// 登录名 · Sign-in name
        name: String,
        /// 显示的姓名 · The name that others see
        #[arg(long)]
        display_name: Option<String>,
        /// 所属单位的编号;默认为根单位 · Id of the unit; by default the root
        #[arg(long)]
        unit: Option<String>,
        /// 在该单位及下级的角色,可重复 · A role on the unit and below; may be repeated
        #[arg(long = "role", value_name = "viewer|column_editor|operator|chair|auditor|administrator", value_parser = role)]
        roles: Vec<Role>,
        /// 从标准输入读取密码 · Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// 设置新密码,结束其所有登录和锁定 · Set a new password; ends sessions and a lock
    Password {
        name: String,
        /// 从标准输入读取密码 · Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// 列出人员 · List people
    List,
    /// 停用 · Sign-in no more
    Disable { name: String },
    /// 恢复 · Sign-in again
    Enable { name: String },
}

fn role(text: &str) -> Result<Role, String> {
    Role::ALL.into_iter().find(|role| role.as_str() == text).ok_or_else(|| {
        let known: Vec<_> = Role::ALL.iter().map(|role| role.as_str()).collect();
        format!("`{text}` is not a role; there are {}", known.join(", "))
    })
}

pub(super) fn act(config: Config, act: Act) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("threads")?;
    runtime.block_on(async {
        let folder = &config.storage.folder;
        std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        let store = Store::open(folder).await.with_context(|| format!("the database in {}", folder.display()))?;
        let org = Org::open(store.clone(), org_options(&config), Arc::new(SystemClock)).await?;
        let outcome = perform(&org, act).await;
        store.close().await;
        outcome.map(|()| ExitCode::SUCCESS)
    })
}

async fn perform(org: &Org, act: Act) -> anyhow::Result<()> {
    let server = org.as_server();
    match act {
        Act::Add { name, display_name, unit, roles, password_stdin } => {
            let (password, made) = password(password_stdin)?;
            let unit = unit.map_or_else(Org::root, UnitId::from);
            let new = NewPerson { name, display_name, unit: unit.clone(), disabled: false, password: Some(password.clone()) };
            let person = org.create_person(&server, new).await?;
            for role in roles {
                org.create_grant(&server, NewGrant { person: person.id.clone(), role, unit: unit.clone() }).await?;
            }
            tell(&person.name, made.then_some(&password))?;
        }
        Act::Password { name, password_stdin } => {
            let person = named(org, &name)?;
            let (password, made) = password(password_stdin)?;
            org.set_password(&server, &person.id, &password).await?;
            tell(&person.name, made.then_some(&password))?;
        }
        Act::List => list(org)?,
        Act::Disable { name } => set_disabled(org, &name, true).await?,
        Act::Enable { name } => set_disabled(org, &name, false).await?,
    }
    Ok(())
}

async fn set_disabled(org: &Org, name: &str, disabled: bool) -> anyhow::Result<()> {
    let person = named(org, name)?;
    org.change_person(&org.as_server(), &person.id, PersonPatch { disabled: Some(disabled), ..PersonPatch::default() }).await?;
    Ok(())
}

fn named(org: &Org, name: &str) -> anyhow::Result<Person> {
    org.directory().person_named(name).cloned().ok_or_else(|| anyhow!("没有名为“{name}”的人员 · there is nobody called `{name}`"))
}

fn list(org: &Org) -> anyhow::Result<()> {
    let directory = org.directory();
    for person in &directory.people {
        let roles: Vec<_> = directory.roles_of(&person.id).iter().map(|on| format!("{}@{}", on.role, on.unit)).collect();
        let state = match (person.disabled, person.has_password) {
            (true, _) => "停用 disabled",
            (false, false) => "无密码 no password",
            (false, true) => "",
        };
        say(&format!("{}\t{}\t{}\t{}\t{state}", person.name, person.display_name, directory.unit_title(&person.unit), roles.join(",")))?;
    }
    Ok(())
}

/// The password, and whether it was made here.
fn password(from_stdin: bool) -> anyhow::Result<(String, bool)> {
    if !from_stdin {
        return Ok((readable_password(), true));
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("standard input")?;
    let password = line.trim_end_matches(['\r', '\n']);
    ensure!(!password.is_empty(), "标准输入中没有密码 · there is no password on standard input");
    Ok((password.to_owned(), false))
}

fn tell(name: &str, made: Option<&String>) -> std::io::Result<()> {
    match made {
        Some(password) => say(&format!("{name}  密码 password: {password}")),
        None => say(name),
    }
}
