use super::network::{Line, Source, World, settings};
use crate::sfu::TrackId;
use crate::sfu::codec::Codec;

fn switched(source: Source, slack_ms: f64) {
    let mut world = World::new();
    world.publisher(1, vec![source], Line::wide());
    world.subscriber(2, Line::wide());
    world.run(4_000);
    for layer in [0, 1, 2, 0, 2, 1, 0] {
        if world.now_ms == 4_000 {
            world.subscribe(2, 10, settings(layer));
        } else {
            world.set(2, 10, settings(layer));
        }
        world.run(2_500);
        assert_eq!(world.stream(2, 10).layer_at(world.now_ms), Some(layer as u8));
    }
    let stream = world.stream(2, 10);
    assert_eq!(stream.layers(), [0, 1, 2, 0, 2, 1, 0]);
    for pair in stream.shown.windows(2) {
        assert!(pair[0].mark.layer == pair[1].mark.layer || pair[1].mark.is_key, "{pair:?}");
    }
    stream.assert_continuous(slack_ms);
    assert_eq!(stream.freezes(4_200, world.now_ms, 100), [], "the old layer is shown until the new one begins");
    assert_eq!((stream.nacked, stream.plis), (0, 0), "no number is missing");
}

#[test]
fn with_sender_reports_time_stamps_are_exact() {
    switched(Source::simulcast(TrackId(10)), 0.1);
}

#[test]
fn h264_switches_with_its_parameter_sets() {
    switched(Source::video(TrackId(10), Codec::H264, &[(Some("q"), 150e3), (Some("h"), 500e3), (Some("f"), 1_500e3)]), 0.1);
}

#[test]
fn without_sender_reports_they_follow_the_arrivals() {
    let mut world = World::new();
    world.publisher(1, vec![Source::simulcast(TrackId(10))], Line { jitter_ms: 10.0, ..Line::wide() });
    world.publisher_mut(1).reports = false;
    world.subscriber(2, Line::wide());
    world.subscribe(2, 10, settings(0));
    world.run(3_000);
    world.set(2, 10, settings(2));
    world.run(3_000);
    assert_eq!(world.stream(2, 10).layers().last(), Some(&2));
    world.stream(2, 10).assert_continuous(25.0);
}
