use super::network::{Line, Source, World, settings};
use crate::sfu::codec::Codec;
use crate::sfu::{Event, TrackId};

#[test]
fn pauses_of_sound_keep_their_time_stamps_and_tell_of_silence() {
    let mut world = World::new();
    world.publisher(1, vec![Source::sound(TrackId(11), Codec::Opus)], Line::wide());
    world.subscriber(2, Line::wide());
    world.subscribe(2, 11, settings(0));
    for n in 0..6 {
        world.source(1, 11).is_silent = n % 2 == 1;
        world.run(3_000);
    }
    let stream = world.stream(2, 11);
    assert_eq!(stream.faults, Vec::<String>::new());
    assert_eq!(stream.nacked, 0);
    for pair in stream.shown.windows(2) {
        let stamped = u64::from(pair[1].timestamp.wrapping_sub(pair[0].timestamp)) * 1_000 / 48;
        assert_eq!(stamped, pair[1].mark.captured_us - pair[0].mark.captured_us);
        assert_eq!(pair[1].number, pair[0].number + 1);
    }
    assert!(stream.delay_ms(1_000, 18_000, 0.999) <= 60);
    let heard = |from: u64, to: u64| {
        let levels = world.events.iter().filter(move |(at, _)| (from..to).contains(at));
        levels.filter(|(_, event)| matches!(event, Event::Levels(levels) if levels.iter().any(|(_, level)| level.is_some()))).count()
    };
    assert!(heard(500, 3_000) >= 23, "{}", heard(500, 3_000));
    assert!(heard(3_200, 6_000) <= 8, "{}", heard(3_200, 6_000));
}
