//! A server that the namespaces of lines reach, and native clients in it.

use std::process::Command;

use super::Server;
use super::line::{HERE, Line};
use super::native::Native;

pub struct Meeting {
    pub server: Server,
    url: String,
    key: String,
    secret: String,
}

impl Meeting {
    /// Needs a line that is there already, and its address with it. Without TCP, which would carry media where UDP gives way.
    pub async fn start() -> Self {
        let server = Server::start(&format!("[rooms]\nudp_port = 0\ntcp_port = 0\ntcp_on_https = false\naddresses = [\"{HERE}\"]")).await;
        let (key, secret) = server.room_key();
        // Plain HTTP is served to this machine alone; the door stands where namespaces see it.
        let door = tokio::net::TcpListener::bind((HERE, 0)).await.expect("the address of a line");
        let url = format!("ws://{}", door.local_addr().expect("an address"));
        let inside = server.url.trim_start_matches("http://").to_owned();
        tokio::spawn(async move {
            while let Ok((mut outer, _)) = door.accept().await {
                let inside = inside.clone();
                tokio::spawn(async move {
                    let mut inner = tokio::net::TcpStream::connect(inside).await?;
                    tokio::io::copy_bidirectional(&mut outer, &mut inner).await
                });
            }
        });
        Self { server, url, key, secret }
    }

    /// A script of `tests/clients`, behind a line or here.
    pub fn client(&self, line: Option<&Line>, script: &str, room: &str, identity: &str) -> Native {
        let command = |program: &str| line.map_or_else(|| Command::new(program), |line| line.command(program));
        Native::start(command, script, &[&self.url, &self.key, &self.secret, room, identity])
    }
}
