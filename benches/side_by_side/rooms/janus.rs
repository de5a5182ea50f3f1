//! Janus (Debian's package) with its video room, steered over its WebSocket.

use std::fs::File;
use std::io;
use std::net::{IpAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use nix::net::if_::InterfaceFlags;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::{WebSocketStream, client_async};

use super::client::Client;
use super::door::Door;
use super::other;

const PROGRAM: &str = "janus";
const ROOM: u64 = 1;
/// Janus may have one loop per client; with many clients its manual advises a few for all.
const LOOPS: u32 = 2;

pub struct Janus {
    child: Child,
    socket: WebSocketStream<TcpStream>,
    session: u64,
    said: u64,
    near: IpAddr,
    feeds: Vec<u64>,
}

pub fn is_installed() -> bool {
    Command::new(PROGRAM).arg("--help").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

/// The first address of this machine that is not loopback's. What it sends to itself takes the same way.
pub fn own_address() -> Option<IpAddr> {
    let interfaces = nix::ifaddrs::getifaddrs().ok()?;
    let is_up = InterfaceFlags::IFF_UP | InterfaceFlags::IFF_RUNNING;
    let mut fit = interfaces.filter(|each| each.flags.contains(is_up) && !each.flags.contains(InterfaceFlags::IFF_LOOPBACK));
    fit.find_map(|each| Some(IpAddr::V4(each.address?.as_sockaddr_in()?.ip())))
}

impl Janus {
    /// With its settings in this folder. It does not listen on loopback's addresses: `near` is another one of this machine.
    pub async fn start(folder: &Path, near: IpAddr) -> io::Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        configure(folder, port)?;
        let log = File::create(folder.join("log"))?;
        let mut command = Command::new(PROGRAM);
        command.arg("--configs-folder").arg(folder).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let child = command.spawn()?;
        let begun = Instant::now();
        let stream = loop {
            match TcpStream::connect(("127.0.0.1", port)).await {
                Ok(stream) => break stream,
                Err(e) if begun.elapsed() > Duration::from_secs(20) => return Err(e),
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        };
        let mut request = format!("ws://127.0.0.1:{port}/").into_client_request().map_err(other)?;
        request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static("janus-protocol"));
        let (socket, _) = client_async(request, stream).await.map_err(other)?;
        let mut janus = Self { child, socket, session: 0, said: 0, near, feeds: Vec::new() };
        janus.session = id(&janus.ask(json!({"janus": "create"})).await?)?;
        let handle = janus.attach().await?;
        let room = json!({"request": "create", "room": ROOM, "publishers": 100, "videocodec": "vp8", "bitrate": 0, "fir_freq": 0});
        janus.message(handle, room, None).await?;
        Ok(janus)
    }

    async fn attach(&mut self) -> io::Result<u64> {
        let session = self.session;
        id(&self.ask(json!({"janus": "attach", "session_id": session, "plugin": "janus.plugin.videoroom"})).await?)
    }

    async fn message(&mut self, handle: u64, body: Value, jsep: Option<Value>) -> io::Result<Value> {
        let mut message = json!({"janus": "message", "session_id": self.session, "handle_id": handle, "body": body});
        if let Some(jsep) = jsep {
            message["jsep"] = jsep;
        }
        let answer = self.ask(message).await?;
        match &answer["plugindata"]["data"]["error"] {
            Value::Null => Ok(answer),
            error => Err(other(format!("Janus: {error}"))),
        }
    }

    /// The answer, which may come after others' events.
    async fn ask(&mut self, mut message: Value) -> io::Result<Value> {
        self.said += 1;
        let transaction = self.said.to_string();
        message["transaction"] = json!(transaction);
        self.socket.send(Message::text(message.to_string())).await.map_err(other)?;
        loop {
            let heard = tokio::time::timeout(Duration::from_secs(20), self.socket.next()).await.map_err(other)?;
            let Message::Text(text) = heard.ok_or_else(|| other("Janus hung up"))?.map_err(other)? else { continue };
            let answer: Value = serde_json::from_str(&text)?;
            if answer["transaction"] != transaction || answer["janus"] == "ack" {
                continue;
            }
            return if answer["janus"] == "error" { Err(other(format!("Janus: {}", answer["error"]))) } else { Ok(answer) };
        }
    }
}

impl Door for Janus {
    async fn publish(&mut self, client: &mut Client) -> io::Result<()> {
        let handle = self.attach().await?;
        let offer = json!({"type": "offer", "sdp": client.offer(1)?, "trickle": false});
        let joined = self.message(handle, json!({"request": "joinandconfigure", "ptype": "publisher", "room": ROOM}), Some(offer)).await?;
        self.feeds.extend(joined["plugindata"]["data"]["id"].as_u64());
        client.answered(joined["jsep"]["sdp"].as_str().ok_or_else(|| other(format!("no answer: {joined}")))?)
    }

    async fn play(&mut self, client: &mut Client, _tracks: usize) -> io::Result<()> {
        let handle = self.attach().await?;
        let streams: Vec<Value> = self.feeds.iter().map(|feed| json!({"feed": feed})).collect();
        let attached = self.message(handle, json!({"request": "join", "ptype": "subscriber", "room": ROOM, "streams": streams}), None).await?;
        let answer = client.answer(attached["jsep"]["sdp"].as_str().ok_or_else(|| other(format!("no offer: {attached}")))?)?;
        self.message(handle, json!({"request": "start", "room": ROOM}), Some(json!({"type": "answer", "sdp": answer, "trickle": false}))).await?;
        Ok(())
    }

    fn pid(&self) -> u32 {
        self.child.id()
    }

    fn near(&self) -> IpAddr {
        self.near
    }
}

impl Drop for Janus {
    fn drop(&mut self) {
        // It is gone already, then.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn id(answer: &Value) -> io::Result<u64> {
    answer["data"]["id"].as_u64().ok_or_else(|| other(format!("Janus: no id in {answer}")))
}

/// The package's own settings but for what a bench wants: nothing written to disk, no sessions that end, one WebSocket.
fn configure(folder: &Path, port: u16) -> io::Result<()> {
    let main = format!(
        "general: {{ configs_folder = {folder:?}; debug_level = 2; session_timeout = 0; event_loops = {LOOPS}; server_name = \"bench\" }}\n\
         nat: {{ ice_lite = true; nice_debug = false }}\n\
         transports: {{ disable = \"libjanus_http.so,libjanus_pfunix.so,libjanus_mqtt.so,libjanus_nanomsg.so,libjanus_rabbitmq.so\" }}\n\
         plugins: {{ disable = \"libjanus_audiobridge.so,libjanus_duktape.so,libjanus_echotest.so,libjanus_lua.so,libjanus_nosip.so,libjanus_recordplay.so,libjanus_sip.so,libjanus_streaming.so,libjanus_textroom.so,libjanus_videocall.so,libjanus_voicemail.so\" }}\n\
         events: {{ broadcast = false }}\n"
    );
    std::fs::write(folder.join("janus.jcfg"), main)?;
    std::fs::write(folder.join("janus.plugin.videoroom.jcfg"), "general: { }\n")?;
    let socket = format!("general: {{ json = \"compact\"; ws = true; ws_ip = \"127.0.0.1\"; ws_port = {port} }}\nadmin: {{ admin_ws = false }}\n");
    std::fs::write(folder.join("janus.transport.websockets.jcfg"), socket)
}
