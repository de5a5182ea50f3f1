//! The command line: `yizhan serve | check | user | token | load | config | openapi`.

mod configuration;
mod load;
mod serve;
mod token;
mod user;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use super::check::{self, Purpose};

/// 驿站:录制电视、管理节目库的政务内网媒体服务器。
/// Yizhan: a media server for a government intranet.
#[derive(Parser)]
#[command(name = "yizhan", version, verbatim_doc_comment, arg_required_else_help = true)]
struct Yizhan {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// 启动服务器 · Run the server
    Serve {
        #[command(flatten)]
        config: ConfigFile,
        /// 建立演示频道 · Set up the demonstration channel
        #[arg(long)]
        demo: bool,
    },
    /// 检查机器与设置,不启动 · Look at machine and configuration, start nothing
    Check {
        #[command(flatten)]
        config: ConfigFile,
        /// 以 JSON 输出 · Print JSON
        #[arg(long)]
        json: bool,
    },
    /// 管理可登录的人员 · People who can sign in
    User {
        #[command(flatten)]
        config: ConfigFile,
        #[command(subcommand)]
        act: user::Act,
    },
    /// 打印进入会议室的令牌(LiveKit)· Print an access token for rooms (LiveKit)
    Token {
        #[command(flatten)]
        config: ConfigFile,
        #[command(flatten)]
        request: token::Request,
    },
    /// 大会之前试压:许多参会者进入会议室,报告所见 · Try a server before a big meeting: many participants come, and tell what they see
    Load {
        #[command(flatten)]
        config: ConfigFile,
        #[command(flatten)]
        request: Box<load::Request>,
    },
    /// 打印带说明的默认设置 · Print the default configuration with its explanations
    Config {
        /// 检查此设置文件 · Look this file over instead
        #[arg(long, value_name = "FILE")]
        check: Option<PathBuf>,
    },
    /// 打印接口描述(OpenAPI)· Print the API's description (OpenAPI)
    Openapi,
}

#[derive(Args)]
struct ConfigFile {
    /// 设置文件;省略时读 config/yizhan.toml,没有则全用默认值 · The configuration; by default config/yizhan.toml where that is there
    #[arg(long = "config", value_name = "FILE")]
    path: Option<PathBuf>,
}

/// The whole program. Errors go to standard error; 1 is the exit code of what failed, 2 of a command line that was not understood.
pub fn main() -> ExitCode {
    let outcome = match Yizhan::parse().command {
        Command::Serve { config, demo } => config.load().and_then(|config| serve::serve(config, demo)),
        Command::Check { config, json } => config.load().and_then(|config| look(&config, json)),
        Command::User { config, act } => config.load().and_then(|config| user::act(config, act)),
        Command::Token { config, request } => config.load().and_then(|config| token::print(&config, &request)),
        Command::Load { config, request } => load::run(&config, &request),
        Command::Openapi => say(&crate::http::openapi_json()).map(|()| ExitCode::SUCCESS).map_err(Into::into),
        Command::Config { check } => configuration::print_or_check(check.as_deref()),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("yizhan: {error:#}");
        ExitCode::FAILURE
    })
}

fn look(config: &crate::config::Config, json: bool) -> anyhow::Result<ExitCode> {
    let findings = check::check(config, Purpose::Look);
    if json {
        say(&serde_json::to_string_pretty(&findings)?)?;
    } else if findings.is_empty() {
        say("一切正常 · nothing is wrong")?;
    } else {
        say(&findings.iter().map(|finding| format!("{finding}\n")).collect::<Vec<_>>().join("\n"))?;
    }
    Ok(if check::is_good(&findings) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// To standard output; whoever reads it may stop (`| head`).
fn say(text: &str) -> std::io::Result<()> {
    match writeln!(std::io::stdout(), "{}", text.trim_end()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome,
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_fits_together() {
        super::Yizhan::command().debug_assert();
    }
}
