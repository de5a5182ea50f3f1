use proptest::prelude::*;

use super::*;

fn divided(budget_bps: u64, demands: &[Demand]) -> Vec<Option<usize>> {
    let mut layers = Vec::new();
    divide(budget_bps, demands, &mut layers);
    layers
}

fn demand(class: Class) -> Demand {
    let costs_bps = if class == Class::Sound { [Some(40_000), None, None] } else { [Some(150_000), Some(500_000), Some(1_500_000)] };
    Demand { class, costs_bps, max: Some(2), current: None, thinned_bps: None, is_thinned: false, is_wary: false }
}

const SOUND: Class = Class::Sound;

#[test]
fn sound_then_slides_then_the_large_picture_then_the_small() {
    let demands = [demand(Class::Small), demand(Class::Large), demand(Class::Slides), demand(SOUND)];
    assert_eq!(divided(10_000_000, &demands), [Some(2), Some(2), Some(2), Some(0)]);
    assert_eq!(divided(20_000, &demands), [None, None, None, Some(0)], "sound is never dropped for pictures");
    assert_eq!(divided(300_000, &demands), [None, None, Some(0), Some(0)]);
    assert_eq!(divided(400_000, &demands), [None, Some(0), Some(0), Some(0)]);
    assert_eq!(divided(1_000_000, &demands), [Some(0), Some(0), Some(1), Some(0)]);
}

#[test]
fn what_is_kept_must_fit_and_what_is_new_must_fit_with_room() {
    let mut one = demand(Class::Large);
    assert_eq!(divided(1_550_000, &[one]), [Some(1)]);
    assert_eq!(divided(1_750_000, &[one]), [Some(2)]);
    assert_eq!(divided(1_750_000, &[Demand { is_wary: true, ..one }]), [Some(1)], "who fell lately is careful");
    one.current = Some(2);
    assert_eq!(divided(1_550_000, &[one]), [Some(2)]);
    assert_eq!(divided(1_450_000, &[one]), [Some(1)]);
}

#[test]
fn what_got_nothing_may_come_with_fewer_pictures() {
    let slow = |is_thinned| Demand { thinned_bps: Some(60_000), is_thinned, ..demand(Class::Large) };
    let thinned = |budget_bps, one: Demand| {
        let demands = [one, demand(SOUND)];
        let mut layers = divided(budget_bps, &demands);
        let thinned = thin(budget_bps, &demands, &mut layers);
        (layers[0], thinned[0])
    };
    assert_eq!(thinned(300_000, slow(false)), (Some(0), false), "what fits whole comes whole");
    assert_eq!(thinned(120_000, slow(false)), (Some(0), true));
    assert_eq!(thinned(105_000, slow(false)), (None, false), "what is new must fit with room");
    assert_eq!(thinned(105_000, slow(true)), (Some(0), true), "what is kept must fit");
    assert_eq!(thinned(120_000, demand(Class::Large)), (None, false));
    assert_eq!(current_bps(&[slow(true)]), 60_000);
}

#[test]
fn a_single_layer_is_given_whatever_its_number() {
    let only_top = Demand { costs_bps: [None, None, Some(800_000)], max: Some(0), ..demand(Class::Large) };
    assert_eq!(divided(2_000_000, &[only_top]), [Some(2)]);
    assert_eq!(divided(2_000_000, &[Demand { max: None, ..only_top }]), [None]);
}

proptest! {
    #[test]
    fn no_line_is_over_budget_and_what_was_given_stays(
        budget in 0_u64..6_000_000,
        wishes in prop::collection::vec((0..3_usize, prop::array::uniform3(prop::option::of(20_000_u64..2_000_000)), prop::option::of(0..3_usize), prop::option::of(0..3_usize)), 0..12),
    ) {
        let classes = [Class::Slides, Class::Large, Class::Small];
        let demands: Vec<Demand> = wishes.into_iter().map(|(class, costs_bps, max, current)| Demand { class: classes[class], costs_bps, max, current, thinned_bps: None, is_thinned: false, is_wary: false }).collect();
        let cost = |layers: &[Option<usize>]| demands.iter().zip(layers).filter_map(|(demand, layer)| demand.costs_bps[(*layer)?]).sum::<u64>();
        let layers = divided(budget, &demands);
        prop_assert!(cost(&layers) <= budget);
        prop_assert_eq!(&divided(budget, &demands), &layers, "same input, same output");
        let kept: Vec<Demand> = demands.iter().zip(&layers).map(|(demand, layer)| Demand { current: *layer, ..*demand }).collect();
        prop_assert_eq!(&divided(budget, &kept), &layers, "nothing changes by itself");
    }

    /// More budget may take from the small what the large can use now, but never gives the first of the line less.
    #[test]
    fn more_budget_never_gives_one_alone_less(
        budget in 0_u64..4_000_000,
        more in 0_u64..2_000_000,
        costs_bps in prop::array::uniform3(prop::option::of(20_000_u64..2_000_000)),
        max in prop::option::of(0..3_usize),
    ) {
        let demand = Demand { class: Class::Large, costs_bps, max, current: None, thinned_bps: None, is_thinned: false, is_wary: false };
        let first = divided(budget, &[demand])[0];
        prop_assert!(divided(budget + more, &[Demand { current: first, ..demand }])[0] >= first, "{first:?}");
    }
}

#[test]
fn a_line_that_nobody_measured_begins_with_what_there_is() {
    let single = Demand { costs_bps: [Some(1_500_000), None, None], ..demand(Class::Large) };
    let mut layers = divided(800_000, &[single, single]);
    assert_eq!(layers, [None, None]);
    begin(2_400_000, &[single, single], &mut layers);
    assert_eq!(layers, [Some(0), None]);
}
