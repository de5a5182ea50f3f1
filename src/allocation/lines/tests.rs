use proptest::prelude::*;

use super::*;

fn line(site: &str, parent: Option<&str>, capacity_kbps: Option<u32>) -> Line {
    Line { site: site.into(), parent: parent.map(SiteId::from), capacity_kbps, share_percent: 50, post: false }
}

fn asked(from: i64, to: i64, receivers: &[&str]) -> Asked {
    Asked { from: UtcMs(from), to: UtcMs(to), receivers: receivers.iter().map(|site| SiteId::from(*site)).collect() }
}

fn reserved(meeting: &str, asked: Asked, size: PictureSize) -> Reservation {
    Reservation { meeting: meeting.into(), asked, copy_kbps: size.copy_kbps() }
}

/// room ─ prefecture (10 Mb/s) ─ two counties (2 Mb/s each), media has half.
fn tree() -> Vec<Line> {
    vec![
        line("room", None, None),
        line("prefecture", Some("room"), Some(10_000)),
        line("east", Some("prefecture"), Some(2_000)),
        line("west", Some("prefecture"), Some(2_000)),
    ]
}

#[test]
fn the_thinnest_line_is_named_with_the_picture_that_would_fit() {
    let lines = Lines::new(tree());
    let found = lines.bottleneck(&[], &asked(0, 10, &["room", "east", "west"])).unwrap();
    assert_eq!((found.site.as_str(), found.share_kbps, found.free_kbps, found.copies), ("east", 1000, 1000, 1));
    assert_eq!(found.largest(), Some(PictureSize::P480));
    assert_eq!(found.needed_kbps(PictureSize::P720.copy_kbps()), 1264);
    assert!(lines.bottleneck(&[], &asked(0, 10, &["room"])).is_none(), "the machine room's own network is no limit");
    assert!(lines.bottleneck(&[], &asked(0, 10, &["unheard-of"])).is_none());
}

#[test]
fn a_shared_line_carries_a_copy_per_receiver_or_one_for_a_post() {
    let mut tree = tree();
    tree[1].capacity_kbps = Some(3_000);
    let found = Lines::new(tree.clone()).bottleneck(&[], &asked(0, 10, &["east", "west"])).unwrap();
    assert_eq!((found.site.as_str(), found.copies, found.largest()), ("prefecture", 2, Some(PictureSize::P270)));
    tree[1].post = true;
    let found = Lines::new(tree).bottleneck(&[], &asked(0, 10, &["east", "west"])).unwrap();
    assert_eq!((found.site.as_str(), found.copies, found.largest()), ("east", 1, Some(PictureSize::P480)));
}

#[test]
fn only_what_is_reserved_at_the_same_time_counts() {
    let lines = Lines::new(tree());
    let held = [
        reserved("morning", asked(0, 10, &["east"]), PictureSize::P270),
        reserved("noon", asked(10, 20, &["east"]), PictureSize::P480),
        reserved("elsewhere", asked(0, 20, &["west"]), PictureSize::P480),
    ];
    let free = |from, to| lines.bottleneck(&held, &asked(from, to, &["east"])).unwrap();
    assert_eq!((free(0, 10).free_kbps, free(10, 20).free_kbps, free(20, 30).free_kbps), (636, 236, 1000));
    let whole = free(0, 20);
    assert_eq!((whole.free_kbps, whole.largest()), (236, Some(PictureSize::Audio)), "those one after the other are not added up");
    assert_eq!(whole.held_by, [MeetingId::from("noon")]);
    assert_eq!(free(5, 11).held_by, [MeetingId::from("noon")]);
}

#[test]
fn rings_and_doubles_end() {
    let ring = [line("a", Some("b"), Some(1000)), line("b", Some("c"), Some(1000)), line("c", Some("a"), Some(1000)), line("a", None, None)];
    let found = Lines::new(ring).bottleneck(&[], &asked(0, 1, &["a", "b", "c"])).unwrap();
    assert!(found.copies >= 1);
}

fn any_tree() -> impl Strategy<Value = Vec<Line>> {
    let one = (prop::option::of(0_usize..8), prop::option::of(1_u32..20_000), 1_u8..=100, any::<bool>());
    prop::collection::vec(one, 1..8).prop_map(|lines| {
        let line = |(at, (parent, capacity_kbps, share_percent, post)): (usize, (Option<usize>, Option<u32>, u8, bool))| Line {
            site: format!("s{at}").into(),
            parent: parent.filter(|parent| *parent < at).map(|parent| format!("s{parent}").into()),
            capacity_kbps,
            share_percent,
            post,
        };
        lines.into_iter().enumerate().map(line).collect()
    })
}

fn any_meeting() -> impl Strategy<Value = Asked> {
    (0_i64..20, 1_i64..10, prop::collection::vec(0_usize..8, 1..6)).prop_map(|(from, length, receivers)| Asked {
        from: UtcMs(from),
        to: UtcMs(from + length),
        receivers: receivers.into_iter().map(|site| format!("s{site}").into()).collect(),
    })
}

/// What a line carries at a moment, counted receiver by receiver up the tree, without what is tested.
fn carried(tree: &[Line], site: &SiteId, held: &[Reservation], moment: UtcMs) -> u64 {
    fn copies(tree: &[Line], site: &SiteId, receivers: &[SiteId]) -> u64 {
        let own = receivers.iter().filter(|receiver| *receiver == site).count() as u64;
        let below: u64 = tree.iter().filter(|line| line.parent.as_ref() == Some(site)).map(|line| copies(tree, &line.site, receivers)).sum();
        let post = tree.iter().any(|line| line.site == *site && line.post);
        if post { (own + below).min(1) } else { own + below }
    }
    let now = held.iter().filter(|held| held.asked.from <= moment && moment < held.asked.to);
    now.map(|held| copies(tree, site, &held.asked.receivers) * u64::from(held.copy_kbps)).sum()
}

proptest! {
    /// Meetings are booked one after the other, each with the largest picture that fits: then no line is over its share at any time, and a larger picture would be.
    #[test]
    fn no_line_is_over_its_share(tree in any_tree(), meetings in prop::collection::vec(any_meeting(), 1..12)) {
        let lines = Lines::new(tree.clone());
        let mut held: Vec<Reservation> = vec![];
        for (number, asked) in meetings.into_iter().enumerate() {
            let found = lines.bottleneck(&held, &asked);
            prop_assert_eq!(&found, &lines.bottleneck(&held, &asked), "the same input, the same output");
            let mut shuffled = tree.clone();
            shuffled.reverse();
            prop_assert_eq!(&found, &Lines::new(shuffled).bottleneck(&held, &asked), "in whatever order");
            let size = match &found { None => Some(PictureSize::P1080), Some(found) => found.largest() };
            if let Some(size) = size {
                held.push(Reservation { meeting: format!("m{number}").into(), asked, copy_kbps: size.copy_kbps() });
            }
            let over = |held: &[Reservation]| (0..40).map(UtcMs).any(|moment| tree.iter().any(|line| {
                let share = line.capacity_kbps.map(|kbps| u64::from(kbps) * u64::from(line.share_percent) / 100);
                share.is_some_and(|share| carried(&tree, &line.site, held, moment) > share)
            }));
            prop_assert!(!over(&held));
            if let (Some(size), Some(last)) = (size.filter(|size| *size != PictureSize::P1080), held.last().cloned()) {
                let next = PictureSize::TABLE[size as usize + 1].0;
                *held.last_mut().unwrap() = Reservation { copy_kbps: next.copy_kbps(), ..last.clone() };
                prop_assert!(over(&held), "{next} would have fitted too");
                *held.last_mut().unwrap() = last;
            }
        }
    }
}
