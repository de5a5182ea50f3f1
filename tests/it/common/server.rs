//! A real server with a folder and ports of its own.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

pub struct Server {
    child: Option<Child>,
    config: PathBuf,
    /// Its data lies on a disk of so many MiB of its own.
    disk_mebibytes: Option<u32>,
    _temporary: Option<tempfile::TempDir>,
    pub url: String,
    pub password: String,
    client: Client,
}

impl Server {
    /// A fresh server with the settings that tests want, and `more` TOML behind them.
    pub async fn start(more: &str) -> Self {
        let temporary = tempfile::tempdir().expect("a temporary folder");
        let mut server = Self::prepare(temporary.path(), more);
        server._temporary = Some(temporary);
        server.up().await;
        server.sign_in().await;
        server
    }

    /// The same with its data on a tmpfs of that size, which only the server sees mounted ([`Server::recordings`] leads there).
    pub async fn start_on_small_disk(mebibytes: u32, more: &str) -> Self {
        let temporary = tempfile::tempdir().expect("a temporary folder");
        let mut server = Self::prepare(temporary.path(), more);
        server._temporary = Some(temporary);
        server.disk_mebibytes = Some(mebibytes);
        server.up().await;
        server.sign_in().await;
        server
    }

    fn prepare(folder: &Path, more: &str) -> Self {
        // Another test may have installed the same provider already.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let (http, https, page) = (free_tcp_port(), free_tcp_port(), free_tcp_port());
        let config = folder.join("yizhan.toml");
        let storage = folder.join("recordings");
        // Several servers run at a time; media has any free port.
        let rooms = if more.contains("[rooms]") { "" } else { "[rooms]\nudp_port = 0\ntcp_port = 0\n" };
        let text = format!(
            "[server]\nhttp_listen = \"127.0.0.1:{http}\"\nhttps_listen = \"127.0.0.1:{https}\"\ncertificate_listen = \"127.0.0.1:{page}\"\n\n\
             [storage]\nfolder = {storage:?}\nreserve_bytes = 67108864\n\n{rooms}\n{more}\n"
        );
        std::fs::write(&config, text).expect("the configuration is written");
        Self {
            child: None,
            config,
            disk_mebibytes: None,
            _temporary: None,
            url: format!("http://127.0.0.1:{http}"),
            password: String::new(),
            client: Client::builder().timeout(Duration::from_secs(60)).build().expect("a client"),
        }
    }

    /// Starts the program and waits until it is ready.
    pub async fn up(&mut self) {
        let log = std::fs::File::options().create(true).append(true).open(self.config.with_extension("log")).expect("a log file");
        let mut child = self
            .program()
            .args(["serve", "--config"])
            .arg(&self.config)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the server starts");
        let words = password_of(child.stdout.take().expect("its output"));
        self.child = Some(child);
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(60) {
            if let Ok(found) = words.try_recv() {
                self.password = found;
            }
            let ready = self.client.get(format!("{}/readyz", self.url)).send().await;
            if ready.is_ok_and(|r| r.status() == StatusCode::OK) {
                if let Ok(found) = words.recv_timeout(Duration::from_millis(500)) {
                    self.password = found;
                }
                return;
            }
            if let Some(status) = self.child.as_mut().and_then(|c| c.try_wait().ok().flatten()) {
                panic!("the server ended with {status}:\n{}", self.log());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the server was not ready in a minute:\n{}", self.log());
    }

    fn program(&self) -> Command {
        let yizhan = env!("CARGO_BIN_EXE_yizhan");
        let Some(mebibytes) = self.disk_mebibytes else { return Command::new(yizhan) };
        let mut command = Command::new("unshare");
        if !nix::unistd::geteuid().is_root() {
            command.arg("--map-root-user");
        }
        let folder = self.config.with_file_name("recordings");
        let script = format!("mkdir -p {folder:?} && mount -t tmpfs -o size={mebibytes}m tmpfs {folder:?} && exec \"$@\"");
        command.args(["--mount", "sh", "-c", &script, "sh", yizhan]);
        command
    }

    /// As a power cut does it.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("the server is killed");
            child.wait().expect("the server is gone");
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.as_ref().map(Child::id).expect("it runs")
    }

    /// Where it keeps its data.
    pub fn recordings(&self) -> PathBuf {
        let folder = self.config.with_file_name("recordings");
        match self.disk_mebibytes {
            Some(_) => PathBuf::from(format!("/proc/{}/root{}", self.pid(), folder.display())),
            None => folder,
        }
    }

    /// Name and secret of the key that the server made for its rooms.
    pub fn room_key(&self) -> (String, String) {
        let text = std::fs::read_to_string(self.recordings().join("rooms.key")).expect("the rooms' key");
        let (name, secret) = text.trim_end().split_once(": ").expect("a name and a secret");
        (name.to_owned(), secret.to_owned())
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.config.with_extension("log")).unwrap_or_default()
    }

    async fn sign_in(&mut self) {
        let made = self.ask(Method::POST, "/api/v1/session", Some(json!({"name": "admin", "password": self.password}))).await;
        let cookie = made.headers().get("set-cookie").unwrap_or_else(|| panic!("no cookie; log:\n{}", self.log()));
        let cookie = cookie.to_str().expect("a text").split(';').next().unwrap_or_default().to_owned();
        let headers = reqwest::header::HeaderMap::from_iter([(reqwest::header::COOKIE, cookie.parse().expect("a header"))]);
        self.client = Client::builder().timeout(Duration::from_secs(60)).default_headers(headers).build().expect("a client");
    }

    pub async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> reqwest::Response {
        let mut request = self.client.request(method, format!("{}{path}", self.url));
        if let Some(body) = body {
            request = request.json(&body);
        }
        request.send().await.unwrap_or_else(|e| panic!("{path}: {e}; log:\n{}", self.log()))
    }

    /// A GET with one more header.
    pub async fn ask_with(&self, path: &str, name: &str, value: &str) -> reqwest::Response {
        self.client.get(format!("{}{path}", self.url)).header(name, value).send().await.unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    /// As somebody else: by a token, or, without one, as nobody.
    pub async fn ask_as(&self, token: Option<&str>, method: Method, path: &str, body: &Value) -> reqwest::Response {
        let stranger = Client::new();
        let mut request = stranger.request(method, format!("{}{path}", self.url));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if !body.is_null() {
            request = request.json(body);
        }
        request.send().await.unwrap_or_else(|e| panic!("{path}: {e}; log:\n{}", self.log()))
    }

    /// The JSON of a GET that must succeed.
    pub async fn get(&self, path: &str) -> Value {
        self.json(Method::GET, path, None).await
    }

    /// The JSON of a POST that must succeed.
    pub async fn post(&self, path: &str, body: Value) -> Value {
        self.json(Method::POST, path, Some(body)).await
    }

    pub async fn json(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let response = self.ask(method, path, body).await;
        let status = response.status();
        let text = response.text().await.expect("a body");
        assert!(status.is_success(), "{path}: {status} {text}; log:\n{}", self.log());
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    pub async fn text(&self, path: &str) -> String {
        let response = self.ask(Method::GET, path, None).await;
        assert!(response.status().is_success(), "{path}: {}", response.status());
        response.text().await.expect("a text")
    }

    /// A metric without labels.
    pub async fn metric(&self, name: &str) -> Option<f64> {
        self.text("/metrics").await.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok())
    }

    pub async fn bytes(&self, path: &str) -> Vec<u8> {
        let response = self.ask(Method::GET, path, None).await;
        assert!(response.status().is_success(), "{path}: {}", response.status());
        response.bytes().await.expect("a body").to_vec()
    }

    /// Asks until the answer satisfies, at most so many seconds.
    pub async fn until(&self, path: &str, seconds: u64, what: &str, satisfied: impl Fn(&Value) -> bool) -> Value {
        let begun = Instant::now();
        loop {
            let value = self.get(path).await;
            if satisfied(&value) {
                return value;
            }
            if begun.elapsed() > Duration::from_secs(seconds) {
                panic!("not in {seconds} s: {what}; last: {value:#}; log:\n{}", self.log());
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Hears the server's output to its end; sends the administrator's password when it is said.
fn password_of(output: std::process::ChildStdout) -> mpsc::Receiver<String> {
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if let Some((_, password)) = line.split_once("password: ") {
                let password = password.split_whitespace().next().unwrap_or_default().to_owned();
                if send.send(password).is_err() {
                    continue;
                }
            }
        }
    });
    receive
}

fn free_tcp_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port()
}
