//! The tree of lines, and what meetings reserve on it before they are held.
//!
//! Every site has a line toward the machine room; media may use a share of it. A meeting reserves, for as long as it is booked, one copy of picture and
//! sound per receiver on each line from the receiver up to the machine room: lines carry both ways at once, so the same holds for what the venue sends
//! itself, and one number stands for both directions. Where a post stands at a line's lower end, the line carries one copy for all below it.
//!
//! Pure: what fits is a function of the tree, what is reserved, and what is asked.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};

use super::PictureSize;
use crate::base::{MeetingId, SiteId, UtcMs};

/// A site's line, before it is part of a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub site: SiteId,
    /// The site that the line leads to; none for the topmost.
    pub parent: Option<SiteId>,
    /// None: no limit.
    pub capacity_kbps: Option<u32>,
    /// What media may use of it.
    pub share_percent: u8,
    /// Whether a station at the lower end repeats what comes once to all that are there and below.
    pub post: bool,
}

/// What a meeting has reserved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reservation {
    pub meeting: MeetingId,
    pub asked: Asked,
    /// Picture and sound for one receiver.
    pub copy_kbps: u32,
}

/// What a meeting asks of the lines, apart from the size of picture: a receiver is as often here as it gets a copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub from: UtcMs,
    /// Exclusive.
    pub to: UtcMs,
    pub receivers: Vec<SiteId>,
}

/// The line that allows the least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bottleneck {
    pub site: SiteId,
    /// What media may use of the line.
    pub share_kbps: u32,
    /// What is left of it when most is reserved.
    pub free_kbps: u32,
    /// How many copies this meeting sends over it.
    pub copies: u32,
    /// Who holds the rest then, the largest part first.
    pub held_by: Vec<MeetingId>,
}

impl Bottleneck {
    pub fn needed_kbps(&self, copy_kbps: u32) -> u32 {
        self.copies.saturating_mul(copy_kbps)
    }

    pub fn fits(&self, copy_kbps: u32) -> bool {
        self.needed_kbps(copy_kbps) <= self.free_kbps
    }

    /// The largest picture that fits; none: not even sound.
    pub fn largest(&self) -> Option<PictureSize> {
        PictureSize::TABLE.into_iter().map(|(size, ..)| size).rfind(|size| self.fits(size.copy_kbps()))
    }
}

/// The tree.
#[derive(Debug, Clone, Default)]
pub struct Lines {
    /// Lower ends before upper ends.
    nodes: Vec<Node>,
    places: HashMap<SiteId, usize>,
}

#[derive(Debug, Clone)]
struct Node {
    site: SiteId,
    parent: Option<usize>,
    share_kbps: Option<u32>,
    post: bool,
}

impl Lines {
    /// A parent that is not among them counts as the machine room, and so does one that would close a ring.
    pub fn new(lines: impl IntoIterator<Item = Line>) -> Self {
        let mut lines: Vec<Line> = lines.into_iter().collect();
        lines.sort_by(|a, b| a.site.cmp(&b.site));
        lines.dedup_by(|a, b| a.site == b.site);
        let parents: HashMap<&SiteId, Option<&SiteId>> = lines.iter().map(|line| (&line.site, line.parent.as_ref())).collect();
        let depth = |site: &SiteId| std::iter::successors(Some(site), |site| parents.get(*site).copied().flatten()).take(lines.len() + 1).count();
        let mut order: Vec<(usize, usize)> = lines.iter().enumerate().map(|(at, line)| (depth(&line.site), at)).collect();
        // Of a ring all are equally deep.
        order.sort_by_key(|(depth, at)| (std::cmp::Reverse(*depth), *at));
        let places: HashMap<SiteId, usize> = order.iter().enumerate().map(|(place, (_, at))| (lines[*at].site.clone(), place)).collect();
        let node = |(place, (_, at)): (usize, &(usize, usize))| {
            let line = &lines[*at];
            Node {
                site: line.site.clone(),
                parent: line.parent.as_ref().and_then(|parent| places.get(parent)).copied().filter(|parent| *parent > place),
                share_kbps: line.capacity_kbps.map(|kbps| (u64::from(kbps) * u64::from(line.share_percent) / 100) as u32),
                post: line.post,
            }
        };
        Self { nodes: order.iter().enumerate().map(node).collect(), places }
    }

    /// How many copies each line carries.
    fn copies(&self, receivers: &[SiteId]) -> Vec<u32> {
        let mut copies = vec![0_u32; self.nodes.len()];
        for place in receivers.iter().filter_map(|site| self.places.get(site)) {
            copies[*place] += 1;
        }
        for (place, node) in self.nodes.iter().enumerate() {
            if node.post {
                copies[place] = copies[place].min(1);
            }
            if let Some(parent) = node.parent {
                copies[parent] = copies[parent].saturating_add(copies[place]);
            }
        }
        copies
    }

    /// The line that allows the least of what is asked, whether or not that is enough; none: no line limits it.
    pub fn bottleneck(&self, held: &[Reservation], asked: &Asked) -> Option<Bottleneck> {
        let wanted = self.copies(&asked.receivers);
        let others: Vec<(&Reservation, Vec<u32>)> = held
            .iter()
            .filter(|other| other.asked.from < asked.to && asked.from < other.asked.to)
            .map(|other| (other, self.copies(&other.asked.receivers)))
            .collect();
        // What is reserved only grows where a reservation begins.
        let moments: Vec<UtcMs> = std::iter::once(asked.from).chain(others.iter().map(|(other, _)| other.asked.from.max(asked.from))).collect();
        let limited = self.nodes.iter().enumerate().filter(|(place, _)| wanted[*place] > 0).filter_map(|(place, node)| Some((place, node, node.share_kbps?)));
        let bottlenecks = limited.map(|(place, node, share_kbps)| {
            let load_at = |moment: UtcMs| -> BTreeMap<&MeetingId, u64> {
                let there = others.iter().filter(|(other, copies)| copies[place] > 0 && other.asked.from <= moment && moment < other.asked.to);
                let mut loads = BTreeMap::new();
                for (other, copies) in there {
                    *loads.entry(&other.meeting).or_insert(0) += u64::from(copies[place]) * u64::from(other.copy_kbps);
                }
                loads
            };
            let busiest = moments.iter().map(|moment| load_at(*moment)).max_by_key(|loads| loads.values().sum::<u64>()).unwrap_or_default();
            let free_kbps = u64::from(share_kbps).saturating_sub(busiest.values().sum()) as u32;
            let mut holders: Vec<(&MeetingId, u64)> = busiest.into_iter().collect();
            holders.sort_by_key(|(meeting, load)| (std::cmp::Reverse(*load), (*meeting).clone()));
            let held_by = holders.into_iter().map(|(meeting, _)| meeting.clone()).collect();
            Bottleneck { site: node.site.clone(), share_kbps, free_kbps, copies: wanted[place], held_by }
        });
        bottlenecks.min_by(|a, b| {
            // free / copies, without a fraction.
            let (left, right) = (u64::from(a.free_kbps) * u64::from(b.copies), u64::from(b.free_kbps) * u64::from(a.copies));
            left.cmp(&right).then_with(|| a.site.cmp(&b.site))
        })
    }
}
