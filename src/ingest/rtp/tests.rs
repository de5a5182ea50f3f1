use proptest::prelude::*;

use super::*;

fn header(sequence: u16, ssrc: u32) -> Header {
    Header { payload_type: 33, sequence, timestamp: 0, ssrc }
}

/// Pushes (sequence, ssrc, time) and returns what was given on, as sequence numbers.
fn run(window: &mut Window, packets: impl IntoIterator<Item = (u16, u32, i64)>) -> Vec<u16> {
    let mut out = Vec::new();
    let mut give = |payload: &[u8], _| out.push(u16::from_be_bytes([payload[0], payload[1]]));
    for (sequence, ssrc, at) in packets {
        window.push(&header(sequence, ssrc), &sequence.to_be_bytes(), UtcMs(at), &mut give);
    }
    window.expire(UtcMs(i64::MAX / 2), &mut give);
    out
}

#[test]
fn the_header_with_csrcs_extension_and_padding() {
    let mut bytes = vec![0x80 | 0x20 | 0x10 | 2, 0x80 | 33, 0x12, 0x34, 0, 0, 0, 9, 0, 0, 0, 7];
    bytes.extend([0; 8]); // two CSRCs
    bytes.extend([0xbe, 0xde, 0, 1, 1, 2, 3, 4]); // an extension of one word
    bytes.extend(b"payload");
    bytes.extend([0, 0, 3]); // padding
    let (header, payload) = Header::parse(&bytes).unwrap();
    assert_eq!(header, Header { payload_type: 33, sequence: 0x1234, timestamp: 9, ssrc: 7 });
    assert_eq!(payload, b"payload");
}

#[test]
fn what_is_not_rtp_is_refused() {
    assert_eq!(Header::parse(&[]), None);
    assert_eq!(Header::parse(&[0x47; 188]), None);
    assert_eq!(Header::parse(&[0x80; 11]), None);
    let mut long_extension = vec![0x90; 16];
    long_extension[14..].fill(0xff);
    assert_eq!(Header::parse(&long_extension), None);
    let mut long_padding = vec![0xa0; 20];
    long_padding[19] = 200;
    assert_eq!(Header::parse(&long_padding), None);
}

#[test]
fn the_sequence_wraps() {
    let mut window = Window::new(64, 100);
    let given = run(&mut window, [65_533, 65_535, 65_534, 1, 0, 3].map(|s| (s, 1, 0)));
    assert_eq!(given, [65_533, 65_534, 65_535, 0, 1, 3]);
    assert_eq!(window.take_counts(), Counts { lost: 1, ..Counts::default() });
}

#[test]
fn a_missing_packet_is_given_up_after_its_time_and_counted_when_it_comes_late() {
    let mut window = Window::new(64, 100);
    let mut out = Vec::new();
    let mut give = |payload: &[u8], at: UtcMs| out.push((payload[0], at.0));
    window.push(&header(1, 1), &[1], UtcMs(0), &mut give);
    window.push(&header(3, 1), &[3], UtcMs(10), &mut give);
    window.expire(UtcMs(110), &mut give);
    window.expire(UtcMs(111), &mut give);
    window.push(&header(2, 1), &[2], UtcMs(120), &mut give);
    window.push(&header(3, 1), &[3], UtcMs(121), &mut give);
    assert_eq!(out, [(1, 0), (3, 10)]);
    assert_eq!(window.take_counts(), Counts { lost: 1, late: 1, duplicates: 1, ..Counts::default() });
}

#[test]
fn a_new_sender_is_followed_and_a_second_one_ignored() {
    let mut window = Window::new(64, 100);
    assert_eq!(run(&mut window, [(1, 1, 0), (2, 1, 0), (900, 2, 0), (901, 2, 0), (902, 2, 0)]), [1, 2, 900, 901, 902]);
    assert_eq!(window.take_counts(), Counts { restarts: 1, ..Counts::default() });
    let both = (1000..1100).flat_map(|s| [(s - 97, 2, 0), (s, 3, 0)]);
    assert_eq!(run(&mut window, both), (903..1003).collect::<Vec<_>>());
    assert_eq!(window.take_counts().foreign, 100);
}

#[test]
fn a_jump_of_the_sequence_is_a_new_beginning_not_a_loss() {
    let mut window = Window::new(64, 100);
    assert_eq!(run(&mut window, [10, 11, 40_000, 40_001].map(|s| (s, 1, 0))), [10, 11, 40_000, 40_001]);
    assert_eq!(window.take_counts(), Counts { restarts: 1, ..Counts::default() });
}

proptest! {
    #[test]
    fn parsing_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        let _ = Header::parse(&bytes);
    }

    /// Displaced by less than the window, duplicated, and lost here and there: given on once each, in order, and the loss is exact.
    #[test]
    fn order_is_restored_and_loss_is_exact(
        start in any::<u16>(),
        fates in proptest::collection::vec((0u32..10, 0i64..16), 2..400),
    ) {
        let last = fates.len() - 1;
        let mut sent: Vec<(i64, u16)> = Vec::new();
        let mut kept = Vec::new();
        for (i, &(fate, displacement)) in fates.iter().enumerate() {
            let sequence = start.wrapping_add(i as u16);
            // The first and the last arrive in place, so that every loss lies between two packets.
            let (fate, displacement) = if i == 0 || i == last { (9, if i == last { 1000 } else { -1 }) } else { (fate, displacement) };
            if fate == 0 {
                continue;
            }
            kept.push(sequence);
            sent.push((i as i64 + displacement, sequence));
            if fate == 1 {
                sent.push((i as i64 + displacement + 3, sequence));
            }
        }
        sent.sort_by_key(|&(place, _)| place);
        let copies = (sent.len() - kept.len()) as u64;
        let mut window = Window::new(64, 100);
        let given = run(&mut window, sent.iter().map(|&(_, sequence)| (sequence, 5, 0)));
        prop_assert_eq!(&given, &kept);
        let counts = window.take_counts();
        prop_assert_eq!(counts, Counts { lost: (fates.len() - kept.len()) as u64, duplicates: copies, ..Counts::default() });
    }

    /// Whatever arrives: never out of order within one sender's run, never twice, and memory stays bounded.
    #[test]
    fn any_input_is_survived(packets in proptest::collection::vec((any::<u16>(), 0u32..3, 0i64..5000), 0..300)) {
        let mut window = Window::new(16, 50);
        let mut given = 0;
        for &(sequence, ssrc, at) in &packets {
            window.push(&header(sequence, ssrc), &[0, 0], UtcMs(at), &mut |_, _| given += 1);
            prop_assert!(window.held.len() <= 17);
        }
        prop_assert!(given <= packets.len());
    }
}
