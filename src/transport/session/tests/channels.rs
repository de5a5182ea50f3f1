//! Data channels with a client, and media both ways.

use std::time::Duration;

use ::bytes::Bytes;
use str0m::channel::{ChannelConfig, Reliability as Theirs};
use str0m::media::MediaKind;
use str0m::rtp::{RtpWrite, Ssrc};

use super::world::{World, addresses_v4};
use crate::transport::session::*;

/// A world with an open channel of the client's.
fn with_channel(config: ChannelConfig) -> (World, str0m::channel::ChannelId, ChannelId) {
    let mut world = World::new();
    let theirs = world.client.direct_api().create_data_channel(config);
    world.connect();
    world.run_until(Duration::from_secs(5), |world| world.events.iter().any(|event| matches!(event, Event::ChannelOpened { .. })));
    let ours = opened(&world).first().copied().expect("no channel");
    world.run(Duration::from_millis(100));
    (world, theirs, ours)
}

fn opened(world: &World) -> Vec<ChannelId> {
    let channels = world.events.iter().filter_map(|event| match event {
        Event::ChannelOpened { channel, .. } => Some(*channel),
        _ => None,
    });
    channels.collect()
}

fn data(world: &World) -> Vec<(ChannelId, bool, Bytes)> {
    let all = world.events.iter().filter_map(|event| match event {
        Event::Data { channel, is_text, bytes } => Some((*channel, *is_text, bytes.clone())),
        _ => None,
    });
    all.collect()
}

fn client_data(world: &World) -> Vec<(bool, Vec<u8>)> {
    let all = world.client_events.iter().filter_map(|event| match event {
        str0m::Event::ChannelData(data) => Some((!data.binary, data.data.clone())),
        _ => None,
    });
    all.collect()
}

#[test]
fn a_channel_of_the_client_carries_messages_both_ways() {
    let config = ChannelConfig { label: "_lossy".to_owned(), ordered: false, reliability: Theirs::MaxRetransmits { retransmits: 0 }, ..Default::default() };
    let (mut world, theirs, ours) = with_channel(config);
    assert!(world.events.contains(&Event::ChannelOpened {
        channel: ours,
        label: "_lossy".to_owned(),
        protocol: String::new(),
        ordered: false,
        reliability: Reliability::Retransmits(0)
    }));
    assert!(world.client.channel(theirs).unwrap().write(true, b"from below").unwrap());
    world.session.send(world.now, ours, true, "来自服务器".as_bytes()).unwrap();
    world.session.send(world.now, ours, false, b"").unwrap();
    world.run(Duration::from_secs(1));
    assert_eq!(data(&world), [(ours, false, Bytes::from_static(b"from below"))]);
    let mut received = client_data(&world);
    received.sort();
    assert!(received.contains(&(true, "来自服务器".as_bytes().to_vec())), "{received:?}");
}

#[test]
fn a_channel_of_ours_opens_and_carries_large_messages() {
    let mut world = World::new();
    world.connect();
    let channel = world.session.open_channel(world.now, "_reliable", true, Reliability::Reliable).unwrap();
    assert_eq!(channel.0 % 2, 1, "the DTLS server's channels are odd");
    world.run(Duration::from_secs(3));
    assert_eq!(opened(&world), [channel]);
    assert!(world.client_events.iter().any(|event| matches!(event, str0m::Event::ChannelOpen(_, label) if label == "_reliable")));
    let large: Vec<u8> = (0..64 * 1024_u32).map(|at| (at * 7) as u8).collect();
    world.session.send(world.now, channel, false, &large).unwrap();
    world.run(Duration::from_secs(5));
    assert_eq!(client_data(&world), [(false, large.clone())]);
    let Some(str0m::Event::ChannelOpen(theirs, _)) = world.client_events.iter().find(|event| matches!(event, str0m::Event::ChannelOpen(..))) else { panic!() };
    let theirs = *theirs;
    assert!(world.client.channel(theirs).unwrap().write(true, &large).unwrap());
    world.run(Duration::from_secs(5));
    assert_eq!(data(&world), [(channel, false, Bytes::from(large))]);
    assert_eq!(world.session.buffered_amount(channel), 0);
}

#[test]
fn channels_work_when_we_are_the_dtls_client() {
    let mut world = World::with(addresses_v4(), Setup::Passive);
    world.connect();
    let channel = world.session.open_channel(world.now, "x", true, Reliability::Reliable).unwrap();
    assert_eq!(channel.0 % 2, 0);
    world.run(Duration::from_secs(3));
    assert_eq!(opened(&world), [channel]);
}

#[test]
fn a_reliable_channel_is_reliable_on_a_lossy_line() {
    let (mut world, theirs, ours) = with_channel(ChannelConfig { label: "r".to_owned(), ..Default::default() });
    let lossy = |salt: usize| move |number: usize, _: &[u8]| (number * 7919 + salt) % 1000 % 10 != 3;
    world.uplink = Box::new(lossy(1));
    world.downlink = Box::new(lossy(5));
    for number in 0..100_u32 {
        world.session.send(world.now, ours, false, &number.to_be_bytes().repeat(400)).unwrap();
        assert!(world.client.channel(theirs).unwrap().write(true, &number.to_be_bytes().repeat(400)).unwrap());
        world.run(Duration::from_millis(20));
    }
    world.run(Duration::from_secs(60));
    let expected: Vec<Vec<u8>> = (0..100_u32).map(|number| number.to_be_bytes().repeat(400)).collect();
    assert_eq!(data(&world).into_iter().map(|(_, _, bytes)| bytes.to_vec()).collect::<Vec<_>>(), expected);
    assert_eq!(client_data(&world).into_iter().map(|(_, bytes)| bytes).collect::<Vec<_>>(), expected);
}

/// The association sees INIT anew when its answer was lost.
#[test]
fn sctp_begins_even_if_its_first_packets_are_lost() {
    for lost in 0..4 {
        let mut world = World::new();
        world.client.direct_api().create_data_channel(ChannelConfig { label: "x".to_owned(), ..Default::default() });
        let mut records = 0;
        let lose = move |_: usize, datagram: &[u8]| {
            records += usize::from(datagram.first() == Some(&23));
            datagram.first() != Some(&23) || records != lost + 1
        };
        if lost < 2 {
            world.downlink = Box::new(lose);
        } else {
            let mut records = 0;
            world.uplink = Box::new(move |_, datagram| {
                records += usize::from(datagram.first() == Some(&23));
                datagram.first() != Some(&23) || records != lost - 1
            });
        }
        world.connect();
        world.run(Duration::from_secs(15));
        assert_eq!(opened(&world).len(), 1, "lost {lost}: {:?} {:?}", world.events, world.session.counters());
    }
}

#[test]
fn one_closed_channel_does_not_end_the_association() {
    let (mut world, theirs, ours) = with_channel(ChannelConfig { label: "first".to_owned(), ..Default::default() });
    let second = world.client.direct_api().create_data_channel(ChannelConfig { label: "second".to_owned(), ..Default::default() });
    world.run(Duration::from_secs(1));
    world.client.direct_api().close_data_channel(theirs);
    world.run(Duration::from_secs(2));
    assert!(world.events.contains(&Event::ChannelClosed { channel: ours }), "{:?}", world.events);
    assert_eq!(world.session.counters().associations_lost, 0);
    assert!(world.client.channel(second).unwrap().write(false, b"still here").unwrap());
    world.run(Duration::from_secs(1));
    assert_eq!(data(&world).last().map(|(_, is_text, bytes)| (*is_text, bytes.clone())), Some((true, Bytes::from_static(b"still here"))));
    // Ours closes the other one.
    let second = *opened(&world).last().unwrap();
    world.session.close_channel(world.now, second);
    world.run(Duration::from_secs(2));
    assert!(world.client_events.iter().filter(|event| matches!(event, str0m::Event::ChannelClose(_))).count() >= 1);
    assert!(matches!(world.session.send(world.now, second, true, b"x"), Err(ChannelError::Unknown(_))));
}

#[test]
fn a_client_that_never_reads_costs_a_bounded_buffer() {
    let (mut world, _, ours) = with_channel(ChannelConfig { label: "x".to_owned(), ..Default::default() });
    world.uplink = Box::new(|_, datagram| datagram.first() != Some(&23));
    let mut sent = 0;
    let full = loop {
        match world.session.send(world.now, ours, false, &[7; 50_000]) {
            Ok(()) => sent += 1,
            Err(error) => break error,
        }
        assert!(sent < 100, "it grows");
        world.run(Duration::from_millis(5));
    };
    assert!(matches!(full, ChannelError::Full { buffered, .. } if buffered <= 1024 * 1024), "{full:?}");
    assert!(matches!(world.session.send(world.now, ours, false, &vec![0; MAX_MESSAGE_BYTES + 1]), Err(ChannelError::TooLarge { .. })));
}

#[test]
fn a_client_opens_so_many_channels_and_no_more() {
    let mut world = World::new();
    world.connect();
    for number in 0..70 {
        world.client.direct_api().create_data_channel(ChannelConfig { label: format!("{number}"), ..Default::default() });
    }
    world.run(Duration::from_secs(5));
    assert_eq!(opened(&world).len(), 64);
    assert!(world.session.counters().channels_refused >= 6);
}

fn plain(ssrc: u32, sequence: u16, payload: &[u8]) -> Vec<u8> {
    let mut packet = vec![0x80, 111];
    packet.extend(sequence.to_be_bytes());
    packet.extend(960_u32.to_be_bytes());
    packet.extend(ssrc.to_be_bytes());
    packet.extend(payload);
    packet
}

#[test]
fn media_passes_both_ways_and_replays_do_not() {
    let mut world = World::new();
    world.connect();
    let mid = "aud".into();
    let (up, down): (Ssrc, Ssrc) = (77.into(), 88.into());
    let mut direct = world.client.direct_api();
    direct.declare_media(mid, MediaKind::Audio);
    direct.declare_stream_tx(up, None, mid, None);
    direct.expect_stream_rx(down, None, mid, None);
    for number in 0..20_u16 {
        let now = world.now;
        let mut direct = world.client.direct_api();
        let stream = direct.stream_tx(&up).unwrap();
        stream.write_rtp(RtpWrite::new(111.into(), u64::from(65_530 + u32::from(number)).into(), 960 * u32::from(number), now, vec![number as u8; 50]));
        let mut packet = plain(88, 65_530_u16.wrapping_add(number), &[number as u8; 60]);
        world.session.seal_rtp(&mut packet).unwrap();
        world.send_media(packet);
        world.run(Duration::from_millis(20));
    }
    world.run(Duration::from_secs(3));
    let received: Vec<_> = world.media.iter().filter(|(handled, _)| matches!(handled, Handled::Rtp(_))).collect();
    assert_eq!(received.len(), 20);
    assert!(received.iter().enumerate().all(|(at, (_, packet))| packet.ends_with(&[at as u8; 50])));
    let at_client = world.client_events.iter().filter(|event| matches!(event, str0m::Event::RtpPacket(_))).count();
    assert_eq!(at_client, 20);
    // The client's reports come as RTCP.
    assert!(world.media.iter().any(|(handled, _)| matches!(handled, Handled::Rtcp(_))));

    let before = *world.session.counters();
    let recorded: Vec<_> = world.recorded.iter().filter(|datagram| matches!(datagram.first(), Some(128..=191))).cloned().collect();
    assert!(recorded.len() > 20);
    for mut datagram in recorded.clone() {
        assert_eq!(world.session.handle(world.now, world.path(), &mut datagram), Handled::Nothing);
    }
    let after = world.session.counters();
    assert_eq!(after.replayed - before.replayed, recorded.len() as u64);
    assert_eq!(after.undecryptable, before.undecryptable);
}
