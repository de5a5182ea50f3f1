//! Who floods the server, or behaves as no client may, costs little and harms nobody: two ordinary participants watch a third one all the while.

use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use livekit_protocol::{AddTrackRequest, SessionDescription, UpdateParticipantMetadata, signal_request};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::common::Server;
use crate::common::access::Access;
use crate::common::flood::{Flood, binding_request, chance, client_hello};
use crate::common::rogue::Rogue;
use crate::common::watch::Watch;

const ROOM: &str = "call";
const PER_SECOND: u32 = 20_000;

/// One that sends pictures and sound, and two that watch, by `yizhan load`: it tells at the end what was lost, late, frozen.
struct Call(Child);

impl Call {
    fn begin(access: &Access, key: (&str, &str), seconds: u32) -> Self {
        let url = access.url.replacen("http", "ws", 1);
        let child = Command::new(env!("CARGO_BIN_EXE_yizhan"))
            .args(["load", "--url", &url, "--key", key.0, "--secret", key.1, "--room", ROOM, "--publishers", "1", "--subscribers", "2"])
            .args(["--bitrate", "600", "--speaker-turns", "0s", "--join-over", "1s", "--duration", &format!("{seconds}s"), "--json"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the call");
        Self(child)
    }

    fn end(mut self) -> Value {
        let output = std::io::read_to_string(self.0.stdout.take().expect("its output")).expect("its words");
        serde_json::from_str(&output).unwrap_or_else(|e| panic!("{e}: {output}"))
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn flood(to: SocketAddr, ports: usize) -> Flood {
    Flood { to, ports, per_second: PER_SECOND, lasts: Duration::from_secs(1) }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ordinary_call_does_not_notice() {
    let tcp_port = std::net::TcpListener::bind("0.0.0.0:0").and_then(|listener| listener.local_addr()).unwrap().port();
    let server = Server::start(&format!("[rooms]\nudp_port = 0\ntcp_port = {tcp_port}")).await;
    let access = Access::of(&server);
    let (name, secret) = server.room_key();
    let call = Call::begin(&access, (&name, &secret), 40);
    tokio::time::sleep(Duration::from_secs(3)).await;
    let begun = Instant::now();
    let watch = Watch::begin(&server).await;

    let mut rogue = Rogue::join(&access, ROOM, "rogue").await;
    let (media, ufrag) = (rogue.server, rogue.ufrag.clone());
    strangers(&watch, media, &ufrag).await;
    let replayed = rogue.sent.clone();
    let replay = flood(media, 50).of(move |n, out| out.extend_from_slice(&replayed[n as usize % replayed.len()]));
    watch.during("replayed from strange ports", replay).await;
    storms(&watch, &mut rogue).await;
    drop(rogue);
    let tcp = SocketAddr::new([127, 0, 0, 1].into(), tcp_port);
    tokio::join!(connections(&watch, tcp), signalling(&watch, &access));
    let wrong = watch.wrong();
    println!("floods took {:.1} s", begun.elapsed().as_secs_f64());

    let report = tokio::task::spawn_blocking(|| call.end()).await.unwrap();
    println!("{report:#}");
    assert!(wrong.is_empty(), "{wrong:#?}");
    is_undisturbed(&report);
}

fn is_undisturbed(report: &Value) {
    let of = |kind: &str, figure: &str| report[kind][figure].as_f64().unwrap_or(f64::NAN);
    assert_eq!((report["joined"].as_u64(), report["failed"].as_u64()), (Some(3), Some(0)), "{report:#}");
    for kind in ["video_received", "audio_received"] {
        assert!(of(kind, "lost_percent") < 1.0, "{kind}: {report:#}");
        assert!(report[kind]["delay_ms"]["p50"].as_f64().is_some_and(|ms| ms < 100.0), "{kind}: {report:#}");
    }
    assert!(of("video_received", "frozen_ms") < 1_500.0, "{report:#}");
    assert!(of("video_received", "pictures_per_second") > 27.0, "{report:#}");
    assert!(of("sent", "key_pictures") < 100.0, "storms of PLI do not reach the publisher: {report:#}");
}

/// Datagrams of those who have no business here.
async fn strangers(watch: &Watch<'_>, media: SocketAddr, ufrag: &str) {
    let wrong = flood(media, 1).of(|n, out| binding_request(n, &format!("00{:010x}:peer", chance(n) >> 24), out));
    watch.is_cheap("STUN of unknown users, one port", "stranger", wrong).await;
    let wrong = flood(media, 500).of(|n, out| binding_request(n, &format!("00{:010x}:peer", chance(n) >> 24), out));
    watch.is_cheap("STUN of unknown users, 500 ports", "stranger", wrong).await;
    let username = format!("{ufrag}:peer");
    let forged = flood(media, 500).of(move |n, out| binding_request(n, &username, out));
    watch.is_cheap("STUN of a known user, forged", "stun_refused", forged).await;
    let hello = flood(media, 500).of(client_hello);
    watch.is_cheap("DTLS from strangers", "stranger", hello).await;
    let garbage = flood(media, 100).of(|n, out| out.extend((0..chance(n) % 1_200 / 8).flat_map(|at| chance(n ^ at << 40).to_be_bytes())));
    watch.is_cheap("garbage", "stranger", garbage).await;
    let oversized = Flood { per_second: PER_SECOND / 4, ..flood(media, 10) }.of(|_, out| out.resize(9_000, 0x80));
    watch.is_cheap("oversized", "oversized", oversized).await;
}

/// What one who is in may say by RTCP.
async fn storms(watch: &Watch<'_>, rogue: &mut Rogue) {
    let second = Duration::from_secs(1);
    let storm = async {
        rogue.live(second, |rogue| (0..10).flat_map(|_| rogue.pli()).collect()).await;
        4_000
    };
    watch.during("PLI, 4,000 a second", storm).await;
    let storm = async {
        rogue.live(second, |rogue| rogue.nack().collect()).await;
        400
    };
    watch.during("NACK of 1,700 packets, 400 a second", storm).await;
    rogue.is_lying = true;
    let (before, begun, mut count) = (rogue.received, Instant::now(), 0_u8);
    let storm = async {
        let lie = move |rogue: &Rogue| {
            count = count.wrapping_add(1);
            vec![rogue.twcc(count)]
        };
        rogue.live(second, lie).await;
        200
    };
    watch.during("TWCC that lies", storm).await;
    println!("the liar received {:.0} packets a second", (rogue.received - before) as f64 / begun.elapsed().as_secs_f64());
}

/// TCP connections that say nothing, garbage, a frame byte by byte, or a name that nobody has.
async fn connections(watch: &Watch<'_>, to: SocketAddr) {
    let mut open = Vec::new();
    let descriptors = async {
        for n in 0..800_u64 {
            let Ok(mut stream) = TcpStream::connect(to).await else { continue };
            let mut frame = Vec::new();
            match n % 4 {
                0 => {}
                1 => frame.resize(600, chance(n) as u8),
                2 => frame.extend_from_slice(&[0, 100, 0]),
                _ => {
                    binding_request(n, "00nobodyhere:peer", &mut frame);
                    frame.splice(0..0, (frame.len() as u16).to_be_bytes());
                }
            }
            let _ = stream.write_all(&frame).await;
            open.push(stream);
        }
        for _ in 0..14 {
            tokio::time::sleep(Duration::from_millis(500)).await;
            for slow in open.iter_mut().skip(2).step_by(4) {
                let _ = slow.try_write(&[0]);
            }
        }
        open.len() as u64
    };
    let added = watch.during("TCP connections", descriptors).await;
    let mut ended = [0; 4];
    for (n, stream) in open.iter_mut().enumerate() {
        let read = tokio::time::timeout(Duration::from_millis(1), stream.read(&mut [0; 64])).await;
        ended[n % 4] += u32::from(matches!(read, Ok(Ok(0) | Err(_))));
    }
    println!("ended: {} silent, {} garbage, {} slow, {} of nobody", ended[0], ended[1], ended[2], ended[3]);
    watch.expect(added.descriptors < 50, || format!("strangers' connections stay: {added:?} {ended:?}"));
}

/// What one may do by a signalling connection, or in front of it.
async fn signalling(watch: &Watch<'_>, access: &Access) {
    let tokens = async {
        for n in 0..300 {
            let token = access.token(ROOM, "late", -3_600);
            let wrong = if n % 2 == 0 { token } else { format!("{}x", access.token(ROOM, "forged", 600)) };
            assert_eq!(access.signal(&wrong).await.err(), Some(401));
        }
        300
    };
    let added = watch.during("300 bad tokens", tokens).await;
    watch.expect(added.counted.get("401").is_some_and(|count| *count >= 300), || format!("bad tokens are counted: {added:?}"));

    let long = async {
        let mut signal = access.signal(&access.token("long", "long", 600)).await.unwrap();
        for len in [300_000, 1_000_000, 1_040_000] {
            let sdp = "v=0\r\n".to_owned() + &"a=rtpmap:1 x/90000\r\n".repeat(len / 20);
            let offer = SessionDescription { r#type: "offer".to_owned(), sdp, ..SessionDescription::default() };
            assert!(signal.send(signal_request::Message::Offer(offer)).await);
        }
        let sdp = "x".repeat(2 << 20);
        signal.send(signal_request::Message::Offer(SessionDescription { r#type: "offer".to_owned(), sdp, ..SessionDescription::default() })).await;
        let ended = tokio::time::timeout(Duration::from_secs(3), async { while signal.next().await.is_some() {} }).await;
        watch.expect(ended.is_ok(), || "a frame of two megabytes does not end the connection".to_owned());
        4
    };
    watch.during("descriptions of a megabyte", long).await;

    let tracks = async {
        let mut signal = access.signal(&access.token("many", "many", 600)).await.unwrap();
        let mut sent = 0;
        for n in 0..3_000 {
            let track = AddTrackRequest { cid: format!("t{n}"), name: "x".repeat(200), r#type: n % 2, ..AddTrackRequest::default() };
            if !signal.send(signal_request::Message::AddTrack(track)).await {
                break;
            }
            sent += 1;
        }
        let ended = tokio::time::timeout(Duration::from_secs(3), async { while signal.next().await.is_some() {} }).await;
        watch.expect(ended.is_ok(), || "a flood of requests does not end the connection".to_owned());
        sent
    };
    watch.during("3,000 tracks", tracks).await;

    let deaf = async {
        let listener = access.signal(&access.token("deaf", "deaf", 600)).await.unwrap();
        let mut talker = access.signal(&access.token("deaf", "talker", 600)).await.unwrap();
        let mut sent = 0;
        while sent < 900 {
            let metadata = format!("{sent}{}", "m".repeat(60_000));
            let update = UpdateParticipantMetadata { metadata, ..UpdateParticipantMetadata::default() };
            if !talker.send(signal_request::Message::UpdateMetadata(update)).await {
                break;
            }
            while let Ok(Some(_)) = tokio::time::timeout(Duration::from_millis(1), talker.next()).await {}
            sent += 1;
            if sent > 450 {
                tokio::time::sleep(Duration::from_millis(8)).await;
            }
        }
        drop(listener);
        sent
    };
    watch.during("one who never reads", deaf).await;
}
