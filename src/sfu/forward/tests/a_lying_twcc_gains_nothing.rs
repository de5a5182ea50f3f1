use super::network::{Line, Source, Voice, World, settings};
use crate::sfu::congestion::twcc;
use crate::sfu::packet::rtcp::write_transport_feedback;
use crate::sfu::{PeerId, TrackId};

/// All packets came, says the liar, and packets that were never sent too, all at once; its line carries 400 kb/s.
#[test]
fn of_arrivals_that_cannot_be() {
    let mut world = World::new();
    world.publisher(1, vec![Source::simulcast(TrackId(10))], Line::wide());
    world.subscriber_with(2, Voice::Transport, Line::of(400_000.0));
    world.subscribe(2, 10, settings(2));
    world.run(6_000);
    let honest_bps = world.forward.peer_report(world.now(), PeerId(2)).unwrap().target_bps;
    let mut most = 0;
    for n in 0..2_000_i64 {
        let mut fci = Vec::new();
        let arrivals: Vec<Option<i64>> = (0..500).map(|_| Some(24_000 + n * 20)).collect();
        twcc::write(&mut fci, (n * 500) as u16, n as u8, &arrivals);
        let mut message = Vec::new();
        write_transport_feedback(&mut message, 9, 0, &fci);
        world.inject(2, &message);
        world.run(5);
        most = most.max(world.forward.peer_report(world.now(), PeerId(2)).unwrap().target_bps);
    }
    let sent_bps = world.down(2).carried_bps(7, 15);
    println!("honest {honest_bps} b/s, lying {most} at most, {sent_bps:.0} through its line, {} lies", world.forward.counters.lies);
    assert!(world.forward.counters.lies > 100_000);
    // The track costs no more than this, and no more is ever sent.
    assert!(most < 3_500_000, "{most}");
    assert_eq!(world.stream(2, 10).faults.iter().filter(|fault| !fault.contains("begins")).count(), 0);
}
