use super::*;
use crate::ts::index::BreakReason;
use crate::ts::{PACKET_LEN, Packet, PesHeader};

#[test]
fn segments_stand_in_the_folder_of_their_day() {
    let mut channel = Channel::new();
    channel.play(25 * 20);
    channel.finish();
    let days: Vec<String> =
        files_of(&channel.folder.path().join("cctv1"), "ts").iter().map(|p| p.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned()).collect();
    assert_eq!(days, ["2026-11-21", "2026-11-21", "2026-11-21", "2026-11-22", "2026-11-22"]);
    assert!(channel.reader.segments().iter().all(|s| s.name == s.start.utc && !s.growing && s.bytes == s.path.metadata().unwrap().len()));
}

#[test]
fn a_cut_goes_outward_and_takes_the_sound_with_it() {
    let mut channel = Channel::new();
    channel.play(25 * 20);
    let (from, to) = (START + 3_700, START + 9_200);
    let cut = channel.reader.cut(from, to).unwrap();
    assert!(cut.complete && cut.gaps.is_empty());
    assert_eq!((cut.from.utc, cut.to.utc), (START + 3_500, START + 9_500), "shown half a second after they came");
    assert_eq!(cut.asked_90k, (from.ticks_90k(), to.ticks_90k()));
    assert_eq!(cut.pieces.len(), 3);
    // Sound shown until `to` is in the bytes, pictures too.
    let mut shown = std::collections::BTreeMap::<u16, (u64, u64)>::new();
    for piece in &cut.pieces {
        let bytes = std::fs::read(&piece.piece.path).unwrap();
        let bytes = &bytes[piece.piece.from as usize..piece.piece.to.unwrap() as usize];
        assert_eq!(piece.raps[0].pts_33, piece.piece.anchor.pts_33);
        for packet in bytes.chunks(PACKET_LEN).map(|p| Packet::parse(p).unwrap()).filter(|p| p.payload_unit_start()) {
            if let Some(pts) = PesHeader::parse(packet.payload()).and_then(|h| h.pts) {
                let seen = shown.entry(packet.pid()).or_insert((pts, pts));
                *seen = (seen.0.min(pts), seen.1.max(pts));
            }
        }
    }
    let pts = |at: UtcMs| 945_000 + ((at - START - 500) * 90) as u64;
    for (pid, (first, last)) in shown {
        assert!(
            first <= pts(cut.from.utc) + 1920 && last + 3600 >= pts(cut.to.utc),
            "pid {pid}: {first}..{last} of {}..{}",
            pts(cut.from.utc),
            pts(cut.to.utc)
        );
    }
}

#[test]
fn a_cut_says_when_its_end_is_still_to_come() {
    let mut channel = Channel::new();
    channel.play(25 * 6);
    let (from, to) = (START + 2_000, START + 5_600);
    let cut = channel.reader.cut(from, to).unwrap();
    assert!(!cut.complete);
    channel.play(13);
    assert!(!channel.reader.cut(from, to).unwrap().complete, "its last random access point is here, the sound before it is not");
    channel.play(25);
    let cut = channel.reader.cut(from, to).unwrap();
    assert!(cut.complete);
    assert_eq!(cut.to.utc, START + 6_500);
    let missing = channel.reader.cut(UtcMs(5), UtcMs(6)).unwrap_err();
    assert!(matches!(missing, TapeError::NothingThere { .. }), "{missing}");
}

#[test]
fn a_cut_across_a_gap_tells_it() {
    let mut channel = Channel::new();
    channel.play(100);
    channel.now = channel.now + 20_000;
    channel.flush();
    channel.play(100);
    let cut = channel.reader.cut(START + 1000, START + 26_000).unwrap();
    assert_eq!(cut.gaps.len(), 1);
    assert_eq!(cut.gaps[0].reason, BreakReason::SignalLost);
    assert_eq!(cut.pieces.iter().map(|p| p.epoch).collect::<Vec<_>>(), [0, 1]);
    assert!(!channel.reader.gaps(FOREVER.0, FOREVER.1).is_empty());
    let in_gap = channel.reader.cut(START + 8_000, START + 10_000).unwrap_err();
    assert!(matches!(in_gap, TapeError::NothingThere { .. }));
    let before = channel.reader.cut(START + 1000, START + 10_000).unwrap();
    assert!(before.complete, "what comes after the gap ends it");
    assert!(before.pieces.iter().all(|p| p.epoch == 0));
}

#[test]
fn reading_begins_at_or_before_what_is_asked() {
    let mut channel = Channel::new();
    assert_eq!(channel.reader.entry_at(START).unwrap(), None);
    channel.play(250);
    let at = |ms: i64| channel.reader.entry_at(START + ms).unwrap().unwrap().rap.at.utc - START;
    assert_eq!((at(0), at(500), at(5_700), at(999_999)), (500, 500, 5_500, 9_500));
    let entry = channel.reader.entry_at(START + 5_700).unwrap().unwrap();
    assert_eq!((entry.piece().from, entry.piece().to), (entry.rap.offset, None));
}

#[test]
fn hls_segments_are_numbered_without_a_hole_and_stay_what_they_were() {
    let mut channel = Channel::new();
    let mut seen = Vec::new();
    for _ in 0..80 {
        channel.play(11);
        let now = channel.reader.hls(FOREVER.0, FOREVER.1).unwrap();
        assert!(now.starts_with(&seen), "what was whole stays");
        seen = now;
    }
    assert!(seen.len() > 15);
    for (n, pair) in seen.windows(2).enumerate() {
        assert_eq!(pair[1].sequence, pair[0].sequence + 1, "at {n}");
        assert_eq!(pair[1].start, pair[0].end);
        assert_eq!(pair[0].end.media_90k - pair[0].start.media_90k, 180_000);
    }
    let edge = channel.reader.live_edge().unwrap();
    assert!(seen.last().unwrap().end.media_90k <= edge.at.media_90k);
    assert!(edge.at.media_90k - seen.last().unwrap().end.media_90k < 2 * 180_000);
    assert_eq!(channel.reader.hls_tail(3).unwrap(), seen[seen.len() - 3..]);
    for segment in &seen {
        let (found, pieces) = channel.reader.hls_segment(segment.segment, segment.index).unwrap().unwrap();
        assert_eq!(&found, segment);
        assert_eq!(pieces[0].from, segment.rap.offset);
        assert!(pieces.iter().map(|p| p.to.unwrap() - p.from).sum::<u64>() > 50_000);
    }
    assert_eq!(channel.reader.hls_segment(UtcMs(1), 0).unwrap(), None);
}

#[test]
fn retention_takes_the_oldest_and_respects_claims() {
    let mut channel = Channel::new();
    channel.play(25 * 40);
    let all = channel.reader.segments();
    let each = all[1].bytes;
    let claim = (all[1].start.utc + 500, all[1].start.utc + 1000);
    let limits = Limits { keep_bytes: Some(each * 3), keep_hours: None };
    let far = [(UtcMs(0), UtcMs(1))];
    let removed = channel.reader.enforce(channel.now, &Limits::default(), &far);
    assert_eq!(removed.segments, 0, "no limit, no deletion");
    let claimed_until = all.iter().filter(|s| s.start.utc < claim.1 + 20_000).count();
    channel.reader.enforce(channel.now, &limits, &[claim]);
    let kept = channel.reader.segments();
    assert_eq!(kept[..claimed_until], all[..claimed_until], "a claim and its margin stay");
    assert!(kept.len() < all.len());
    channel.reader.enforce(channel.now, &limits, &[]);
    assert!(channel.reader.bytes() <= each * 3);
    channel.reader.enforce(channel.now + 100 * 3_600_000, &Limits { keep_hours: Some(1), keep_bytes: None }, &[]);
    assert_eq!(channel.reader.segments().len(), 1, "the one that grows is never taken");
    assert_eq!(channel.reader.free(1 << 40, &[]).segments, 0);
    assert_eq!(files_of(&channel.folder.path().join("cctv1"), "ts").len(), 1);
    assert_eq!(std::fs::read_dir(channel.folder.path().join("cctv1")).unwrap().count(), 1, "a day without segments has no folder");
    channel.play(100);
    channel.finish();
    assert!(!channel.reader.segments().is_empty());
}

#[test]
fn bytes_that_are_no_transport_stream_are_named_once() {
    let mut channel = Channel::new();
    for _ in 0..4 {
        channel.writer.push(channel.now, &[b'x'; 40_000]);
        channel.flush();
    }
    let told = channel.events.iter().filter(|e| matches!(e, TapeEvent::NotATransportStream { bytes } if *bytes >= 65_536)).count();
    assert_eq!(told, 1);
}
