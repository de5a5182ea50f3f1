//! Against a mail server that speaks the few commands.

mod tls;

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use super::*;
use crate::meeting::tests::{World, new};
use crate::meeting::{Cancel, NewMeeting};
use crate::org::PersonPatch;

/// What it does with each mail, in order; after that it takes them.
#[derive(Clone, Copy)]
enum Mood {
    Busy,
    Refuses,
}

#[derive(Clone, Default)]
struct Sink {
    moods: Arc<Mutex<Vec<Mood>>>,
    /// Recipient and text of each mail taken.
    taken: Arc<Mutex<Vec<(String, String)>>>,
}

impl Sink {
    async fn listen(moods: &[Mood]) -> (Self, MailOptions) {
        let sink = Self { moods: Arc::new(Mutex::new(moods.iter().rev().copied().collect())), ..Self::default() };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let accepting = sink.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let sink = accepting.clone();
                tokio::spawn(async move { sink.speak(stream, true).await });
            }
        });
        let server = "127.0.0.1".to_owned();
        let from = "yizhan@gov.example".to_owned();
        (sink, MailOptions { server, port, encryption: Encryption::None, authority: None, from, user: String::new(), password: String::new() })
    }

    /// RFC 5321, as far as a mail needs it.
    async fn speak(&self, stream: impl AsyncRead + AsyncWrite, greets: bool) -> std::io::Result<()> {
        let (read, mut write) = tokio::io::split(stream);
        let mut lines = BufReader::new(read).lines();
        if greets {
            write.write_all(b"220 sink\r\n").await?;
        }
        let (mut recipient, mut text, mut in_data) = (String::new(), String::new(), false);
        while let Some(line) = lines.next_line().await? {
            if in_data {
                if line == "." {
                    in_data = false;
                    self.taken.lock().unwrap().push((recipient.clone(), std::mem::take(&mut text)));
                    write.write_all(b"250 taken\r\n").await?;
                } else {
                    text.push_str(&line);
                    text.push('\n');
                }
                continue;
            }
            let answer = match line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase().as_str() {
                "EHLO" => "250-sink\r\n250 8BITMIME".to_owned(),
                "RCPT" => {
                    recipient = line.clone();
                    match self.moods.lock().unwrap().pop() {
                        Some(Mood::Busy) => "451 busy, come back later".to_owned(),
                        Some(Mood::Refuses) => "550 no such box".to_owned(),
                        None => "250 ok".to_owned(),
                    }
                }
                "DATA" => {
                    in_data = true;
                    "354 go on".to_owned()
                }
                "QUIT" => {
                    write.write_all(b"221 bye\r\n").await?;
                    return Ok(());
                }
                _ => "250 ok".to_owned(),
            };
            write.write_all(format!("{answer}\r\n").as_bytes()).await?;
        }
        Ok(())
    }

    fn taken(&self) -> Vec<(String, String)> {
        self.taken.lock().unwrap().clone()
    }
}

async fn with_addresses(mail: MailOptions) -> (World, Courier) {
    let world = World::with_mail(Some(mail)).await;
    let server = world.fixture.org.as_server();
    for unit in ["root", "xihu"] {
        let person = world.clerk(unit).person().unwrap().id.clone();
        let patch = PersonPatch { email: Some(Some(format!("{unit}@gov.example"))), ..Default::default() };
        world.fixture.org.change_person(&server, &person, patch).await.unwrap();
    }
    let courier = Courier::new(world.meetings.clone()).unwrap().unwrap();
    (world, courier)
}

/// The decoded parts of a mail: base64 is what Chinese text travels in.
fn decoded(text: &str) -> String {
    use base64::Engine as _;
    let blocks = text.split("\n\n").map(|block| {
        let joined: String = block.lines().take_while(|line| !line.starts_with("--")).collect();
        base64::engine::general_purpose::STANDARD.decode(joined).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
    });
    blocks.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn an_invitation_goes_out_in_chinese_with_an_entry_for_the_calendar() {
    let (sink, options) = Sink::listen(&[]).await;
    let (world, courier) = with_addresses(options).await;
    let made = world.book("root", NewMeeting { title: "防汛会商".to_owned(), ..new("root", "root", &["xihu", "yuhang"], 0) }).await.unwrap();
    courier.round().await.unwrap();
    let taken = sink.taken();
    assert_eq!(taken.len(), 1, "yuhang has no address, and root's clerk knows");
    let (recipient, text) = &taken[0];
    assert!(recipient.contains("xihu@gov.example") && text.contains("text/calendar; method=REQUEST"), "{text}");
    let body = decoded(text);
    assert!(body.contains("会议:防汛会商") && body.contains("2026-11-23 09:00–10:00"), "{body}\n{text}");
    assert!(body.replace("\r\n ", "").contains(made.id.as_str()) || text.contains(made.id.as_str()), "{text}");
    world.meetings.cancel(world.clerk("root"), &made.id, Cancel::default()).await.unwrap();
    courier.round().await.unwrap();
    assert!(sink.taken()[1].1.contains("method=CANCEL"));
    courier.round().await.unwrap();
    assert_eq!(sink.taken().len(), 2, "each once");
}

#[tokio::test]
async fn what_does_not_get_through_is_tried_again_later() {
    let (sink, options) = Sink::listen(&[Mood::Busy, Mood::Busy]).await;
    let (world, courier) = with_addresses(options).await;
    world.book("root", new("root", "root", &["xihu"], 0)).await.unwrap();
    courier.round().await.unwrap();
    courier.round().await.unwrap();
    let states = world.fixture.store.outbox_states().await.unwrap();
    assert!(states[0].0 == "waiting" && states[0].1 == 1 && states[0].2.as_ref().unwrap().contains("451"), "not before its time: {states:?}");
    world.fixture.clock.advance_ms(wait_ms(0));
    courier.round().await.unwrap();
    world.fixture.clock.advance_ms(wait_ms(0));
    courier.round().await.unwrap();
    assert_eq!(world.fixture.store.outbox_states().await.unwrap()[0].1, 2, "and then not so soon");
    world.fixture.clock.advance_ms(wait_ms(1));
    courier.round().await.unwrap();
    assert_eq!((sink.taken().len(), world.fixture.store.outbox_states().await.unwrap()[0].0.as_str()), (1, "sent"));
}

#[tokio::test]
async fn what_is_refused_for_good_is_given_up_and_forgotten_after_a_while() {
    let (sink, options) = Sink::listen(&[Mood::Refuses]).await;
    let (world, courier) = with_addresses(options).await;
    world.book("root", new("root", "root", &["xihu"], 0)).await.unwrap();
    courier.round().await.unwrap();
    let states = world.fixture.store.outbox_states().await.unwrap();
    assert!(states[0].0 == "failed" && states[0].2.as_ref().unwrap().contains("550"), "{states:?}");
    world.fixture.clock.advance_ms(KEPT_MS + 1);
    courier.round().await.unwrap();
    assert!(world.fixture.store.outbox_states().await.unwrap().is_empty() && sink.taken().is_empty());
}

#[tokio::test]
async fn a_mail_server_that_is_not_there_loses_nothing() {
    let (_, mut options) = Sink::listen(&[]).await;
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    options.port = free.local_addr().unwrap().port();
    drop(free);
    let (world, courier) = with_addresses(options).await;
    world.book("root", new("root", "root", &["xihu"], 0)).await.unwrap();
    for _ in 0..ATTEMPTS {
        courier.round().await.unwrap();
        world.fixture.clock.advance_ms(LONGEST_WAIT_MS);
    }
    assert_eq!(world.fixture.store.outbox_states().await.unwrap()[0].0, "failed", "after two days it is given up");
    assert!((0..ATTEMPTS - 1).map(wait_ms).sum::<i64>() > 48 * 3_600_000);
}

#[tokio::test]
async fn a_server_that_is_silent_is_asked_once_a_round() {
    let (_, mut options) = Sink::listen(&[]).await;
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    options.port = free.local_addr().unwrap().port();
    drop(free);
    let (world, courier) = with_addresses(options).await;
    for hours in 0..3 {
        world.book("root", new("root", "root", &["xihu"], hours)).await.unwrap();
    }
    courier.round().await.unwrap();
    let tried: Vec<u32> = world.fixture.store.outbox_states().await.unwrap().into_iter().map(|state| state.1).collect();
    assert_eq!(tried.iter().sum::<u32>(), 1, "{tried:?}");
}

#[test]
fn no_server_no_mail_and_no_panic_at_any_count_of_attempts() {
    assert!((0..100).map(wait_ms).all(|wait| (FIRST_WAIT_MS..=LONGEST_WAIT_MS).contains(&wait)));
    assert_eq!((wait_ms(0), wait_ms(1), wait_ms(3)), (60_000, 120_000, 480_000));
}
