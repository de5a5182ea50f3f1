//! One service out of a multiplex: follows PAT and PMT, says which packets are the service's and what else there is.

use std::borrow::Cow;

use super::continuity::ContinuityCheck;
use super::tdt::TDT_PID;
use super::vote::SectionVote;
use super::{PACKET_LEN, Packet, Pat, Pmt, SYNC_BYTE, SectionAssembler, StreamKind, crc32_mpeg};

const PAT_PID: u16 = 0;
const SDT_PID: u16 = 0x11;
const NULL_PID: u16 = 0x1fff;

/// Which service a tape is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    Service(u16),
    /// The only one; of several, the first in the PAT that has pictures or sound.
    First,
}

/// What a packet is to the service. A set of flags, zero for packets that are nothing to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Route(u8);

impl Route {
    const TABLE: u8 = 1;
    const STREAM: u8 = 2;
    const MAIN: u8 = 4;
    const PCR: u8 = 8;
    const TIME: u8 = 16;

    pub fn is_nothing(self) -> bool {
        self.0 == 0
    }
    /// PAT, a PMT or SDT: for [`ServiceFilter::table`].
    pub fn is_table(self) -> bool {
        self.0 & Self::TABLE != 0
    }
    /// Pictures, sound, subtitles or the clock of the service: for the tape.
    pub fn is_stream(self) -> bool {
        self.0 & Self::STREAM != 0
    }
    /// The pictures, or the first sound of a service without.
    pub fn is_main(self) -> bool {
        self.0 & Self::MAIN != 0
    }
    pub fn has_pcr(self) -> bool {
        self.0 & Self::PCR != 0
    }
    /// TDT and TOT.
    pub fn is_time(self) -> bool {
        self.0 & Self::TIME != 0
    }
}

/// What a table packet changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TableNews {
    /// The multiplex's PAT was repeated or changed: the tape's PAT is due.
    Pat,
    /// The service's PMT was repeated: the tape's is due.
    Pmt,
    /// The service has another PMT than before, or its first.
    PmtChanged,
    /// The wanted service is not in the multiplex (any more). Told once per PAT.
    NoSuchService { services: Vec<u16> },
    /// The list of services, their PMTs or the SDT changed.
    Services,
}

/// One service of a multiplex.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MuxService {
    pub service: u16,
    pub pmt: Option<Pmt>,
}

/// What is in a multiplex.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MuxServices {
    pub transport_stream_id: u16,
    pub services: Vec<MuxService>,
    /// Whole sections of the SDT of this multiplex (table 0x42): names are in them, in a character set that others know.
    pub sdt_sections: Vec<Vec<u8>>,
}

struct MapPid {
    service: u16,
    pid: u16,
    assembler: SectionAssembler,
    vote: SectionVote,
    section: Vec<u8>,
    pmt: Option<Pmt>,
}

impl MapPid {
    fn new(service: u16, pid: u16) -> Self {
        Self { service, pid, assembler: SectionAssembler::default(), vote: SectionVote::default(), section: Vec::new(), pmt: None }
    }
}

/// Follows one service. [`ServiceFilter::route`] costs one table look-up.
pub struct ServiceFilter {
    wanted: Wanted,
    routes: Box<[Route; 8192]>,
    pat_assembler: SectionAssembler,
    pat_vote: SectionVote,
    pat_sections: Vec<Vec<u8>>,
    pat: Option<Pat>,
    maps: Vec<MapPid>,
    sdt_assembler: SectionAssembler,
    sdt_sections: Vec<Vec<u8>>,
    chosen: Option<u16>,
    /// PAT repetitions since `Wanted::First` began to wait for the first service's PMT.
    patience: u32,
    pat_counter: u8,
    pmt_counter: u8,
}

/// After so many PATs (about a second) without the PMT of an earlier service, `Wanted::First` takes a later one.
const PATIENCE_PATS: u32 = 10;

impl ServiceFilter {
    pub fn new(wanted: Wanted) -> Self {
        let mut filter = Self {
            wanted,
            routes: Box::new([Route(0); 8192]),
            pat_assembler: SectionAssembler::default(),
            pat_vote: SectionVote::default(),
            pat_sections: Vec::new(),
            pat: None,
            maps: Vec::new(),
            sdt_assembler: SectionAssembler::default(),
            sdt_sections: Vec::new(),
            chosen: None,
            patience: 0,
            pat_counter: 0,
            pmt_counter: 0,
        };
        filter.rebuild_routes();
        filter
    }

    pub fn route(&self, pid: u16) -> Route {
        self.routes.get(usize::from(pid)).copied().unwrap_or_default()
    }

    /// The service that is followed, once known.
    pub fn service(&self) -> Option<u16> {
        self.chosen
    }

    /// Its PMT in force.
    pub fn pmt(&self) -> Option<&Pmt> {
        self.map().and_then(|m| m.pmt.as_ref())
    }

    /// PID and kind of the main stream: pictures, else sound.
    pub fn main(&self) -> Option<(u16, StreamKind)> {
        main_of(self.pmt()?)
    }

    pub fn services(&self) -> MuxServices {
        MuxServices {
            transport_stream_id: self.pat.as_ref().map_or(0, |p| p.transport_stream_id),
            services: self.maps.iter().map(|m| MuxService { service: m.service, pmt: m.pmt.clone() }).collect(),
            sdt_sections: self.sdt_sections.clone(),
        }
    }

    /// Takes a packet of PAT, PMT or SDT.
    pub fn table(&mut self, packet: &Packet<'_>, mut news: impl FnMut(TableNews)) {
        match packet.pid() {
            PAT_PID => {
                let mut assembler = std::mem::take(&mut self.pat_assembler);
                assembler.push(packet, |section| self.pat_section(section, &mut news));
                self.pat_assembler = assembler;
            }
            SDT_PID => {
                let sections = &mut self.sdt_sections;
                self.sdt_assembler.push(packet, |section| {
                    if section.len() > 11 && section[0] == 0x42 && crc32_mpeg(section) == 0 && remember(sections, section) {
                        news(TableNews::Services);
                    }
                });
            }
            pid => self.map_packet(pid, packet, &mut news),
        }
    }

    /// A PAT of the one service, as one packet.
    pub fn write_pat(&mut self, out: &mut Vec<u8>) {
        let (Some(pat), Some(map)) = (&self.pat, self.map()) else { return };
        let one = Pat { transport_stream_id: pat.transport_stream_id, version: pat.version, services: vec![(map.service, map.pid)] };
        write_section(out, PAT_PID, &mut self.pat_counter, &one.section());
    }

    /// The PMT in force, as it was received, in as many packets as it takes.
    pub fn write_pmt(&mut self, out: &mut Vec<u8>) {
        let Some(map) = self.chosen.and_then(|s| self.maps.iter().find(|m| m.service == s && m.pmt.is_some())) else { return };
        write_section(out, map.pid, &mut self.pmt_counter, &map.section);
    }

    /// Sees to it that the next packets of the service's PIDs are not compared with those before.
    pub fn forget_continuity(&self, check: &mut ContinuityCheck) {
        for (pid, _) in self.routes.iter().enumerate().filter(|(_, r)| r.is_stream()) {
            check.forget(pid as u16);
        }
    }

    fn map(&self) -> Option<&MapPid> {
        self.maps.iter().find(|m| Some(m.service) == self.chosen)
    }

    fn pat_section(&mut self, section: &[u8], news: &mut impl FnMut(TableNews)) {
        let repaired = whole(section, 0x00, &mut self.pat_vote);
        let Some(section) = repaired.as_deref().filter(|s| Pat::parse(s).is_ok()) else { return };
        if remember(&mut self.pat_sections, section) {
            self.pat_changed(news);
        }
        self.patience += 1;
        self.choose_first(news);
        news(TableNews::Pat);
    }

    fn pat_changed(&mut self, news: &mut impl FnMut(TableNews)) {
        let parts: Vec<Pat> = self.pat_sections.iter().filter_map(|s| Pat::parse(s).ok()).collect();
        let Some(mut pat) = parts.first().cloned() else { return };
        pat.services = parts.into_iter().flat_map(|p| p.services).collect();
        let mut old = std::mem::take(&mut self.maps);
        for &(service, pid) in &pat.services {
            let known = old.iter().position(|m| m.service == service && m.pid == pid);
            self.maps.push(match known {
                Some(at) => old.swap_remove(at),
                None => MapPid::new(service, pid),
            });
        }
        let services: Vec<u16> = pat.services.iter().map(|s| s.0).collect();
        self.pat = Some(pat);
        self.patience = 0;
        match self.wanted {
            Wanted::Service(service) if services.contains(&service) => self.chosen = Some(service),
            Wanted::Service(_) => {
                self.chosen = None;
                news(TableNews::NoSuchService { services });
            }
            Wanted::First => {
                self.chosen = self.chosen.filter(|s| services.contains(s));
                if services.is_empty() {
                    news(TableNews::NoSuchService { services });
                }
            }
        }
        self.rebuild_routes();
        news(TableNews::Services);
    }

    fn map_packet(&mut self, pid: u16, packet: &Packet<'_>, news: &mut impl FnMut(TableNews)) {
        let chosen = self.chosen;
        let (mut changed, mut repeated, mut ours) = (false, false, false);
        // Several services may share one PID for their PMTs.
        for map in self.maps.iter_mut().filter(|m| m.pid == pid) {
            let MapPid { service, assembler, vote, section: last, pmt, .. } = map;
            assembler.push(packet, |section| {
                if section == last.as_slice() {
                    repeated |= Some(*service) == chosen;
                    return;
                }
                let Some(section) = whole(section, 0x02, vote) else { return };
                if *section == **last {
                    repeated |= Some(*service) == chosen;
                } else if let Ok(new) = Pmt::parse(&section)
                    && new.service == *service
                {
                    last.clear();
                    last.extend_from_slice(&section);
                    *pmt = Some(new);
                    changed = true;
                    ours |= Some(*service) == chosen;
                }
            });
        }
        if changed {
            self.rebuild_routes();
            news(TableNews::Services);
            self.choose_first(news);
        }
        if ours {
            news(TableNews::PmtChanged);
        } else if repeated {
            news(TableNews::Pmt);
        }
    }

    /// Chooses for `Wanted::First` once it can be told.
    fn choose_first(&mut self, news: &mut impl FnMut(TableNews)) {
        if self.wanted != Wanted::First || self.chosen.is_some() {
            return;
        }
        for map in &self.maps {
            match &map.pmt {
                Some(pmt) if main_of(pmt).is_some() => {
                    self.chosen = Some(map.service);
                    self.rebuild_routes();
                    return news(TableNews::PmtChanged);
                }
                Some(_) => {}
                None if self.patience < PATIENCE_PATS => return,
                None => {}
            }
        }
    }

    fn rebuild_routes(&mut self) {
        let mut routes = Box::new([Route(0); 8192]);
        let mut add = |pid: u16, flags: u8| {
            if let Some(route) = routes.get_mut(usize::from(pid)).filter(|_| pid != NULL_PID) {
                route.0 |= flags;
            }
        };
        add(PAT_PID, Route::TABLE);
        add(SDT_PID, Route::TABLE);
        add(TDT_PID, Route::TIME);
        for map in &self.maps {
            add(map.pid, Route::TABLE);
        }
        if let Some(pmt) = self.pmt() {
            // A PMT that claims the PIDs of tables is not believed.
            let free = |pid: u16| pid != PAT_PID && pid != SDT_PID && pid != TDT_PID && self.maps.iter().all(|m| m.pid != pid);
            for stream in pmt.streams.iter().filter(|s| free(s.pid)) {
                add(stream.pid, Route::STREAM);
            }
            if free(pmt.pcr_pid) {
                add(pmt.pcr_pid, Route::STREAM | Route::PCR);
            }
            if let Some((pid, _)) = main_of(pmt).filter(|&(pid, _)| free(pid)) {
                add(pid, Route::MAIN);
            }
        }
        self.routes = routes;
    }
}

fn main_of(pmt: &Pmt) -> Option<(u16, StreamKind)> {
    pmt.video().or(pmt.audio()).map(|s| (s.pid, s.kind))
}

/// A section of the table that is in force (current_next_indicator) and whole, as it is or by its repetitions.
fn whole<'a>(section: &'a [u8], table_id: u8, vote: &mut SectionVote) -> Option<Cow<'a, [u8]>> {
    if section.len() < 12 {
        return None;
    }
    let section = if crc32_mpeg(section) == 0 {
        if section[0] == table_id {
            vote.clear();
        }
        Cow::Borrowed(section)
    } else {
        Cow::Owned(vote.offer(section)?)
    };
    (section[0] == table_id && section[5] & 1 == 1).then_some(section)
}

/// Keeps one section per number of the newest version; says whether it was new.
fn remember(sections: &mut Vec<Vec<u8>>, section: &[u8]) -> bool {
    if sections.iter().any(|s| s == section) {
        return false;
    }
    // Same id and version (bytes 3 to 5), another number (byte 6); and none beyond the last (byte 7).
    sections.retain(|s| s[3..6] == section[3..6] && s[6] != section[6] && s[6] <= section[7]);
    sections.push(section.to_vec());
    sections.sort_by_key(|s| s[6]);
    true
}

/// One section in packets of its own.
fn write_section(out: &mut Vec<u8>, pid: u16, counter: &mut u8, section: &[u8]) {
    let (mut rest, mut start) = (section, true);
    while start || !rest.is_empty() {
        let packet_end = out.len() + PACKET_LEN;
        out.extend([SYNC_BYTE, (pid >> 8) as u8 | if start { 0x40 } else { 0 }, pid as u8, 0x10 | *counter]);
        *counter = (*counter + 1) & 0x0f;
        if start {
            out.push(0); // pointer field
        }
        let (head, tail) = rest.split_at(rest.len().min(packet_end - out.len()));
        out.extend_from_slice(head);
        out.resize(packet_end, 0xff);
        (rest, start) = (tail, false);
    }
}
