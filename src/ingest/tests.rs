//! Sources over real sockets of the loopback interface, and files.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::base::{Clock, SystemClock};

const PATIENCE: Duration = Duration::from_secs(10);

fn sources() -> Sources {
    // No more than any kernel gives, so that no notice about it comes between.
    Sources::new(Settings { receive_buffer_bytes: 64 << 10, ..Settings::default() }, Arc::new(SystemClock))
}

/// A port that is free now. Each test has an address of its own where it can.
fn free_port(address: &str) -> u16 {
    UdpSocket::bind((address, 0)).unwrap().local_addr().unwrap().port()
}

/// Seven packets numbered from `first`.
fn seven(first: u8) -> Vec<u8> {
    (first..first + 7).flat_map(packet).collect()
}

fn packet(number: u8) -> Vec<u8> {
    let mut bytes = vec![0x47, 0x01, number, 0x10];
    bytes.resize(188, 0);
    bytes
}

fn rtp(sequence: u16, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x80, 33];
    bytes.extend(sequence.to_be_bytes());
    bytes.extend([0, 0, 0, 0, 0, 0, 0, 7]);
    bytes.extend_from_slice(payload);
    bytes
}

/// Reads inputs until `done` says so, sending `datagrams` again and again (the socket may not be open yet).
async fn until<T>(subscription: &mut Subscription, mut send: impl FnMut(), mut done: impl FnMut(&Input) -> Option<T>) -> T {
    let search = async {
        loop {
            send();
            let Ok(input) = tokio::time::timeout(Duration::from_millis(50), subscription.recv()).await else { continue };
            if let Some(found) = done(&input.expect("the source goes on")) {
                return found;
            }
        }
    };
    tokio::time::timeout(PATIENCE, search).await.expect("in time")
}

fn chunk(input: &Input) -> Option<Arc<Chunk>> {
    match input {
        Input::Chunk(chunk) => Some(chunk.clone()),
        _ => None,
    }
}

fn message(input: &Input) -> Option<String> {
    match input {
        Input::Event(SourceEvent::Failed { message } | SourceEvent::Notice { message }) => Some(message.clone()),
        _ => None,
    }
}

#[tokio::test]
async fn unicast_packets_arrive_with_their_times_and_two_subscribers_share_one_socket() {
    let address = SocketAddr::from(([127, 0, 0, 1], free_port("127.0.0.1")));
    let (sources, sender) = (sources(), UdpSocket::bind("127.0.0.1:0").unwrap());
    let spec = SourceSpec::parse("udp", &address.to_string(), None).unwrap();
    let (mut a, mut b) = (sources.subscribe(&spec), sources.subscribe(&spec));
    assert_eq!(sources.count(), 1);
    let before = SystemClock.now();
    let send = || drop(sender.send_to(&seven(0), address));
    let got = until(&mut a, send, chunk).await;
    let same = until(&mut b, || (), chunk).await;
    assert!(Arc::ptr_eq(&got, &same));
    assert_eq!(got.bytes[..7 * 188], seven(0));
    assert_eq!(got.lost_packets, 0);
    assert!(got.runs().map(|(_, run)| run.len()).sum::<usize>() == got.bytes.len());
    assert!(got.arrivals[0].at >= before && got.arrivals[0].at <= SystemClock.now());
    drop((a, b));
    // The address is free again for the next subscriber at once.
    let mut again = sources.subscribe(&spec);
    until(&mut again, send, chunk).await;
    assert_eq!(sources.count(), 1);
}

/// A multicast sender on an interface.
fn group_sender(group: SocketAddr, interface: &str) -> impl Fn(&[u8]) -> std::io::Result<usize> {
    let socket = socket2::Socket::new(socket2::Domain::for_address(group), socket2::Type::DGRAM, None).unwrap();
    match group {
        SocketAddr::V4(_) => socket.set_multicast_if_v4(&Ipv4Addr::LOCALHOST).unwrap(),
        SocketAddr::V6(_) => socket.set_multicast_if_v6(nix::net::if_::if_nametoindex(interface).unwrap()).unwrap(),
    }
    move |data| socket.send_to(data, &group.into())
}

#[tokio::test]
async fn a_group_is_joined_by_interface_address_and_by_name_and_other_groups_are_not_heard() {
    let port = free_port("127.0.0.1");
    let groups = [1, 2].map(|n| SocketAddr::from(([239, 255, 77, n], port)));
    let sources = sources();
    let mut first = sources.subscribe(&SourceSpec::parse("udp", &groups[0].to_string(), Some("127.0.0.1")).unwrap());
    let mut second = sources.subscribe(&SourceSpec::parse("udp", &groups[1].to_string(), Some("lo")).unwrap());
    let senders = groups.map(|group| group_sender(group, "lo"));
    let send = || {
        let _ = senders[0](&seven(0));
        let _ = senders[1](&seven(100));
    };
    for (subscription, number) in [(&mut first, 0), (&mut second, 100)] {
        let chunk = until(subscription, send, chunk).await;
        assert!(chunk.bytes.chunks_exact(188).all(|p| p[2] / 100 == number / 100));
    }
}

#[tokio::test]
async fn a_group_limited_to_one_sender() {
    let group = SocketAddr::from(([232, 255, 77, 3], free_port("127.0.0.1")));
    let sources = sources();
    let mut ours = sources.subscribe(&SourceSpec::parse("udp", &format!("127.0.0.1@{group}"), Some("127.0.0.1")).unwrap());
    let mut others = sources.subscribe(&SourceSpec::parse("udp", &format!("127.0.0.2@{group}"), Some("127.0.0.1")).unwrap());
    let sender = group_sender(group, "lo");
    until(&mut ours, || drop(sender(&seven(0))), chunk).await;
    assert!(others.try_recv().is_none());
}

/// Not every machine has IPv6, and few have a multicast route on the loopback interface: the first interface that lets a group be sent to is taken.
#[tokio::test]
async fn ipv6_unicast_and_groups() {
    let Ok(sender) = UdpSocket::bind("[::1]:0") else {
        println!("this machine has no IPv6");
        return;
    };
    let address = SocketAddr::from((Ipv6Addr::LOCALHOST, free_port("::1")));
    let sources = sources();
    let mut unicast = sources.subscribe(&SourceSpec::parse("udp", &address.to_string(), None).unwrap());
    until(&mut unicast, || drop(sender.send_to(&seven(0), address)), chunk).await;

    let port = free_port("::1");
    let names: Vec<String> = nix::ifaddrs::getifaddrs().unwrap().map(|i| i.interface_name).collect();
    for group in ["ff15::77:1", "ff12::77:1"] {
        let group = format!("[{group}]:{port}");
        let Some((name, sender)) = names.iter().map(|name| (name, group_sender(group.parse().unwrap(), name))).find(|(_, send)| send(&seven(0)).is_ok()) else {
            println!("no interface of this machine has a route for IPv6 groups");
            return;
        };
        let mut joined = sources.subscribe(&SourceSpec::parse("udp", &group, Some(name)).unwrap());
        until(&mut joined, || drop(sender(&seven(0))), chunk).await;
    }
}

#[tokio::test]
async fn rtp_is_put_in_order_and_its_loss_counted() {
    let address = SocketAddr::from(([127, 0, 0, 1], free_port("127.0.0.1")));
    let (sources, sender) = (sources(), UdpSocket::bind("127.0.0.1:0").unwrap());
    let mut subscription = sources.subscribe(&SourceSpec::parse("rtp", &address.to_string(), None).unwrap());
    // Every fourth is lost; the two after it change places.
    let mut sequence = 65_500u16;
    let send = || {
        for n in [0, 2, 1] {
            let _ = sender.send_to(&rtp(sequence.wrapping_add(n), &packet(n as u8)), address);
        }
        sequence = sequence.wrapping_add(4);
    };
    let (mut lost, mut numbers) = (0, Vec::new());
    until(&mut subscription, send, |input| {
        let chunk = chunk(input)?;
        lost += chunk.lost_packets;
        numbers.extend(chunk.bytes.chunks_exact(188).map(|p| p[2]));
        (numbers.len() >= 60).then_some(())
    })
    .await;
    let start = numbers.iter().position(|&n| n == 0).unwrap();
    assert!(numbers[start..].chunks_exact(3).all(|three| three == [0, 1, 2]), "{numbers:?}");
    assert!(lost >= 10, "{lost}");
}

#[tokio::test]
async fn rtp_called_udp_is_recognised_and_told() {
    let address = SocketAddr::from(([127, 0, 0, 1], free_port("127.0.0.1")));
    let (sources, sender) = (sources(), UdpSocket::bind("127.0.0.1:0").unwrap());
    let mut subscription = sources.subscribe(&SourceSpec::parse("udp", &address.to_string(), None).unwrap());
    let mut sequence = 0;
    let mut send = || {
        let _ = sender.send_to(&rtp(sequence, &seven(0)), address);
        sequence += 1;
    };
    let told = until(&mut subscription, &mut send, message).await;
    assert_eq!(told, format!("udp {address}: this is RTP; it is received as such"));
    assert_eq!(until(&mut subscription, &mut send, chunk).await.bytes[..188], packet(0));
}

#[tokio::test]
async fn what_is_not_a_transport_stream_is_named_and_recovered_from() {
    let address = SocketAddr::from(([127, 0, 0, 1], free_port("127.0.0.1")));
    let (sources, sender) = (sources(), UdpSocket::bind("127.0.0.1:0").unwrap());
    let mut subscription = sources.subscribe(&SourceSpec::parse("udp", &address.to_string(), None).unwrap());
    let told = until(&mut subscription, || drop(sender.send_to(b"RIFF and so on", address)), message).await;
    assert_eq!(told, format!("udp {address}: not a transport stream: first bytes 0x5249464620616e64"));
    let event = until(
        &mut subscription,
        || drop(sender.send_to(&seven(0), address)),
        |input| match input {
            Input::Event(event) => Some(event.clone()),
            _ => None,
        },
    );
    assert_eq!(event.await, SourceEvent::Started);
}

#[tokio::test]
async fn a_source_that_cannot_be_opened_says_why() {
    let sources = sources();
    let mut nowhere = sources.subscribe(&SourceSpec::parse("udp", "239.255.77.9:5009", Some("no-such-0")).unwrap());
    assert_eq!(until(&mut nowhere, || (), message).await, "udp 239.255.77.9:5009: interface `no-such-0` is not there");
    let taken = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let mut busy = sources.subscribe(&SourceSpec::parse("udp", &address.to_string(), None).unwrap());
    assert!(until(&mut busy, || (), message).await.starts_with(&format!("udp {address}: cannot bind to it: ")));
    let mut absent = sources.subscribe(&SourceSpec::parse("file", "/nowhere/at all.ts", None).unwrap());
    assert!(until(&mut absent, || (), message).await.starts_with("file /nowhere/at all.ts: No such file"));
}

#[tokio::test]
async fn misaligned_packets_are_put_in_line() {
    let address = SocketAddr::from(([127, 0, 0, 1], free_port("127.0.0.1")));
    let (sources, sender) = (sources(), UdpSocket::bind("127.0.0.1:0").unwrap());
    let mut subscription = sources.subscribe(&SourceSpec::parse("udp", &address.to_string(), None).unwrap());
    let stream: Vec<u8> = (0..100).flat_map(packet).collect();
    let send = || stream.chunks(1000).for_each(|piece| drop(sender.send_to(piece, address)));
    let chunk = until(&mut subscription, send, chunk).await;
    let numbers: Vec<u8> = chunk.bytes.chunks_exact(188).map(|p| p[2]).collect();
    assert!(numbers.len() > 10 && numbers.windows(2).all(|w| w[1] == (w[0] + 1) % 100), "{numbers:?}");
}

/// A stream of one PID: a PCR in every tenth packet, 40 ms apart.
fn paced_file(pictures: i64) -> Vec<u8> {
    (0..pictures * 10)
        .flat_map(|n| {
            let mut bytes = vec![0x47, 0x01, 0x00, 0x10 | (n & 0x0f) as u8];
            if n % 10 == 0 {
                let base = n / 10 * 3600;
                bytes[3] |= 0x20;
                bytes.extend([7, 0x10]);
                bytes.extend(((base >> 1) as u32).to_be_bytes());
                bytes.extend([((base & 1) as u8) << 7 | 0x7e, 0]);
            }
            bytes.resize(188, 0);
            bytes
        })
        .collect()
}

#[tokio::test]
async fn a_file_is_looped_at_its_pace() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("short.ts");
    // 192-byte packets: a time code before each.
    let framed: Vec<u8> = paced_file(10).chunks(188).flat_map(|p| [&[0; 4], p].concat()).collect();
    std::fs::write(&path, framed).unwrap();
    let sources = sources();
    let mut subscription = sources.subscribe(&SourceSpec::parse("file", path.to_str().unwrap(), None).unwrap());
    let began = std::time::Instant::now();
    let (mut packets, mut first, mut last) = (Vec::new(), None, None);
    until(
        &mut subscription,
        || (),
        |input| {
            let chunk = chunk(input)?;
            first = first.or(chunk.arrivals.first().map(|a| a.at));
            last = chunk.arrivals.last().map(|a| a.at);
            packets.extend_from_slice(&chunk.bytes);
            (packets.len() >= 250 * 188).then_some(())
        },
    )
    .await;
    // 2.5 rounds of 400 ms; a busy machine may be slower, never faster.
    assert!(began.elapsed() >= Duration::from_millis(850), "{:?}", began.elapsed());
    assert!((800..=1500).contains(&(last.unwrap() - first.unwrap())));
    let counters: Vec<u8> = packets.chunks_exact(188).map(|p| p[3] & 0x0f).collect();
    assert!(counters.windows(2).all(|w| w[1] == (w[0] + 1) & 0x0f));
}

#[tokio::test]
async fn a_file_without_packets_or_pace_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let sources = sources();
    for (name, bytes, expected) in [
        ("picture.ts", b"\x89PNG and no packets".to_vec(), "not a transport stream: first bytes 0x89504e4720616e64"),
        ("empty.ts", Vec::new(), "not a transport stream: it is empty"),
        ("no pcr.ts", (0..50).flat_map(packet).collect(), "it has no PCR in its first 9400 bytes, so its pace is not known"),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let mut subscription = sources.subscribe(&SourceSpec::parse("file", path.to_str().unwrap(), None).unwrap());
        assert_eq!(until(&mut subscription, || (), message).await, format!("file {}: {expected}", path.display()));
    }
}
