//! Who gets which layer, so that a line keeps inside its budget: sound first, then slides, then the large picture, then the small ones.
//!
//! Pure arithmetic, the same input gives the same output. That nothing flaps is by [`HEADROOM`]: what is taken up must fit with room to spare, what is kept
//! must only fit.

pub mod lines;
mod picture;
#[cfg(test)]
mod tests;

pub use picture::PictureSize;

/// Layers of a track at most, lowest first.
pub const LAYERS: usize = 3;

/// In the order in which they are served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    Sound,
    Slides,
    Large,
    Small,
}

/// What a receiver asks of one track.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Demand {
    pub class: Class,
    /// What each layer costs now; None where there is no such layer, or it is not being sent.
    pub costs_bps: [Option<u64>; LAYERS],
    /// The highest layer that is of use to the receiver; None: it wants nothing now.
    pub max: Option<usize>,
    /// What it has now.
    pub current: Option<usize>,
    /// What the lowest layer costs with fewer pictures a second, where it can be had so.
    pub thinned_bps: Option<u64>,
    /// That is what it has now; `current` is None then.
    pub is_thinned: bool,
    /// It went up not long ago and had to come down again: it wants more room before it tries once more.
    pub is_wary: bool,
}

/// The costs of layers vary with the picture; going up needs this much more than the cost, in percent.
const HEADROOM: u64 = 115;
const HEADROOM_WARY: u64 = 125;
/// Of the least that everything costs, in percent.
const THIN_FROM: u64 = 130;
const THIN_UNTIL: u64 = 250;

/// The layer of each demand, in the order of the demands. Sound gets its layer whatever the budget says.
pub fn divide(budget_bps: u64, demands: &[Demand], layers: &mut Vec<Option<usize>>) {
    layers.clear();
    layers.resize(demands.len(), None);
    let mut left = budget_bps;
    for (demand, layer) in demands.iter().zip(layers.iter_mut()).filter(|(demand, _)| demand.class == Class::Sound) {
        *layer = lowest(demand);
        left = left.saturating_sub(layer.and_then(|layer| demand.costs_bps.get(layer).copied().flatten()).unwrap_or(0));
    }
    // First something of everything, by class; then what is left makes the first ones better. The small ones never starve for the large one's last layer.
    for class in [Class::Slides, Class::Large, Class::Small] {
        for (demand, layer) in demands.iter().zip(layers.iter_mut()).filter(|(demand, _)| demand.class == class) {
            raise(demand, layer, &mut left, lowest(demand));
        }
    }
    for class in [Class::Slides, Class::Large, Class::Small] {
        for (demand, layer) in demands.iter().zip(layers.iter_mut()).filter(|(demand, layer)| demand.class == class && layer.is_some()) {
            let max = demand.max.unwrap_or(0);
            for higher in (0..=max.min(LAYERS - 1)).rev() {
                if layer.is_some_and(|now| higher > now) && raise(demand, layer, &mut left, Some(higher)) {
                    break;
                }
            }
        }
    }
}

/// Gives those that got nothing their lowest layer while all together stay inside this: for a line that nobody has measured yet.
pub fn begin(budget_bps: u64, demands: &[Demand], layers: &mut [Option<usize>]) {
    let cost = |demand: &Demand, layer: Option<usize>| layer.and_then(|layer| demand.costs_bps.get(layer).copied().flatten()).unwrap_or(0);
    let mut spent: u64 = demands.iter().zip(layers.iter()).map(|(demand, layer)| cost(demand, *layer)).sum();
    for (demand, layer) in demands.iter().zip(layers.iter_mut()).filter(|(_, layer)| layer.is_none()) {
        let first = lowest(demand).filter(|first| spent + cost(demand, Some(*first)) <= budget_bps);
        spent += cost(demand, first);
        *layer = first;
    }
}

/// Gives those that got nothing their lowest layer with fewer pictures, where that fits: a picture that moves slowly is more than one that stands. Tells
/// which.
pub fn thin(budget_bps: u64, demands: &[Demand], layers: &mut [Option<usize>]) -> Vec<bool> {
    let cost = |demand: &Demand, layer: Option<usize>| layer.and_then(|layer| demand.costs_bps.get(layer).copied().flatten()).unwrap_or(0);
    let mut left = budget_bps.saturating_sub(demands.iter().zip(layers.iter()).map(|(demand, layer)| cost(demand, *layer)).sum());
    let mut thinned = vec![false; demands.len()];
    for class in [Class::Slides, Class::Large, Class::Small] {
        let of_class = demands.iter().zip(layers.iter_mut()).zip(&mut thinned).filter(|((demand, layer), _)| demand.class == class && layer.is_none());
        for ((demand, layer), is_thinned) in of_class {
            let (Some(first), Some(price)) = (lowest(demand), demand.thinned_bps) else { continue };
            let needed = if demand.is_thinned { price } else { price * HEADROOM / 100 };
            if needed <= left {
                left -= price;
                (*layer, *is_thinned) = (Some(first), true);
            }
        }
    }
    thinned
}

/// Where no picture can move at all, the first that is wanted is shown in stills: which one, and how much of the line is for it. Estimates of so thin a line
/// swing below what sound costs, so a little is always taken, unless the line hardly carries the sound.
pub fn still(budget_bps: u64, demands: &[Demand], layers: &[Option<usize>]) -> Option<(usize, u64)> {
    let is_moving = demands.iter().zip(layers).any(|(demand, layer)| demand.class != Class::Sound && layer.is_some());
    let cost = |(demand, layer): (&Demand, &Option<usize>)| layer.and_then(|layer| demand.costs_bps.get(layer).copied().flatten()).unwrap_or(0);
    let sound_bps: u64 = demands.iter().zip(layers).map(cost).sum();
    let first =
        demands.iter().enumerate().filter(|(_, demand)| demand.class != Class::Sound && lowest(demand).is_some()).min_by_key(|(_, demand)| demand.class);
    let bps = budget_bps.saturating_sub(sound_bps);
    first.filter(|_| !is_moving && budget_bps >= sound_bps / 2).map(|(at, _)| (at, bps))
}

/// What everything at its best would cost, with the room that going up needs: who looks for less on a line never finds enough.
pub fn wanted_bps(demands: &[Demand]) -> u64 {
    let best = |demand: &Demand| {
        (0..=demand.max?).rev().find_map(|layer| demand.costs_bps.get(layer).copied().flatten()).or_else(|| demand.costs_bps.get(lowest(demand)?).copied()?)
    };
    demands.iter().filter_map(best).sum::<u64>() * HEADROOM / 100
}

/// Whether the least of everything hardly fits; what is thin stays so until there is ample room.
pub fn is_thin(budget_bps: u64, demands: &[Demand], was_thin: bool) -> bool {
    let least_bps: u64 = demands.iter().filter_map(|demand| demand.costs_bps.get(lowest(demand)?).copied().flatten()).sum();
    budget_bps * 100 < least_bps * if was_thin { THIN_UNTIL } else { THIN_FROM }
}

/// What everything costs as it is now.
pub fn current_bps(demands: &[Demand]) -> u64 {
    let cost = |demand: &Demand| if demand.is_thinned { demand.thinned_bps } else { demand.costs_bps.get(demand.current?).copied().flatten() };
    demands.iter().filter_map(cost).sum()
}

/// The layer that is the least of it.
pub fn lowest(demand: &Demand) -> Option<usize> {
    let max = demand.max?;
    // A single layer is what there is, whatever its number.
    (0..LAYERS).find(|layer| demand.costs_bps[*layer].is_some()).filter(|layer| *layer <= max || demand.costs_bps.iter().flatten().count() == 1)
}

/// Moves a demand up to a layer if the budget has room for the difference.
fn raise(demand: &Demand, layer: &mut Option<usize>, left: &mut u64, to: Option<usize>) -> bool {
    let cost = |layer: Option<usize>| layer.and_then(|layer| demand.costs_bps.get(layer).copied().flatten());
    let Some(price) = cost(to) else { return false };
    let is_kept = demand.current.is_some_and(|current| to.is_some_and(|to| to <= current));
    let paid = cost(*layer).unwrap_or(0);
    let headroom = if demand.is_wary { HEADROOM_WARY } else { HEADROOM };
    let needed = if is_kept { price } else { price * headroom / 100 };
    if needed.saturating_sub(paid) > *left {
        return false;
    }
    *left = left.saturating_sub(price.saturating_sub(paid));
    *layer = to;
    true
}
