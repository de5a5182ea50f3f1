use super::network::{Line, Source, World, settings};
use crate::sfu::TrackId;
use crate::sfu::packet::rtcp::write_nack;

#[test]
fn who_asks_for_everything_again_gets_no_more_than_its_line() {
    let mut world = World::new();
    world.publisher(1, vec![Source::simulcast(TrackId(10))], Line::wide());
    for id in [2, 3] {
        world.subscriber(id, Line::of(3_000_000.0));
        world.subscribe(id, 10, settings(2));
    }
    world.run(5_000);
    let ssrc = world.stream(2, 10).ssrc;
    let started = std::time::Instant::now();
    for _ in 0..400 {
        let mut message = Vec::new();
        write_nack(&mut message, 9, ssrc, (0..=u16::MAX).step_by(5));
        world.inject(2, &message);
        world.run(5);
    }
    println!("5 million numbers asked for in {:?}: {:?}", started.elapsed(), world.forward.counters);
    let sent_bps = world.down(2).carried_bps(5, 7);
    println!("{sent_bps:.0} b/s were sent");
    assert!(sent_bps < 3_100_000.0, "{sent_bps}");
    let honest = world.stream(3, 10);
    assert_eq!(honest.freezes(3_000, 7_000, 200), []);
    assert_eq!(honest.layer_at(7_000), Some(2));
}
