//! Test material: a small transport stream made packet by packet, for tests of this and other modules. Not used by the product.
//!
//! The pictures have the right headers (access unit delimiter, parameter sets, slice header) and no content: what looks at them is satisfied, what decodes them is not.

use super::{PACKET_LEN, Pat, SYNC_BYTE, StreamKind, WRAP_90K, crc32_mpeg};

/// How a group of pictures begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GopStart {
    Idr,
    RecoveryPoint,
    /// No random access point at all.
    Ordinary,
}

/// A service of 25 pictures a second with AAC sound, made one picture at a time.
#[derive(Debug, Clone)]
pub struct TestStream {
    pub service: u16,
    pub pmt_pid: u16,
    /// `None`: sound only.
    pub video_pid: Option<u16>,
    pub audio_pid: u16,
    pub pmt_version: u8,
    /// Pictures per group.
    pub gop: u64,
    pub start: GopStart,
    /// Packets per picture.
    pub packets: usize,
    pub scrambled: bool,
    /// The PCR's base at the next picture; not wrapped.
    pub pcr_90k: i64,
    /// PTS minus PCR.
    pub delay_90k: i64,
    /// Other services that the PAT names, without packets.
    pub others: Vec<u16>,
    /// Marks the next PCR as the first of a new time base.
    pub mark_discontinuity: bool,
    made: u64,
    audio_90k: i64,
    counters: std::collections::BTreeMap<u16, u8>,
}

/// Ticks per picture.
pub const PICTURE_90K: i64 = 3600;
/// Milliseconds per picture.
pub const PICTURE_MS: i64 = 40;
/// Ticks of an AAC frame at 48 kHz.
const AUDIO_FRAME_90K: i64 = 1920;

impl Default for TestStream {
    fn default() -> Self {
        Self {
            service: 101,
            pmt_pid: 0x100,
            video_pid: Some(0x101),
            audio_pid: 0x102,
            pmt_version: 0,
            gop: 25,
            start: GopStart::Idr,
            packets: 4,
            scrambled: false,
            pcr_90k: 900_000,
            delay_90k: 45_000,
            others: Vec::new(),
            mark_discontinuity: false,
            made: 0,
            audio_90k: 900_000,
            counters: Default::default(),
        }
    }
}

impl TestStream {
    /// The default one, changed: `TestStream::with(|s| s.gop = 50)`.
    pub fn with(change: impl FnOnce(&mut Self)) -> Self {
        let mut stream = Self::default();
        change(&mut stream);
        stream
    }

    /// The packets of the next 40 ms.
    pub fn picture(&mut self) -> Vec<u8> {
        let mut out = Vec::new();
        if self.made.is_multiple_of(5) {
            self.tables(&mut out);
        }
        let pts = self.pcr_90k + self.delay_90k;
        let mark = std::mem::take(&mut self.mark_discontinuity);
        if let Some(pid) = self.video_pid {
            let data = self.coded_picture();
            let pes = pes_packet(0xe0, pts, &data);
            self.payload(&mut out, pid, &pes, Some((self.pcr_90k, mark)));
        }
        // After a jump of the clock the sound jumps too.
        if (self.audio_90k - self.pcr_90k).abs() > 10 * PICTURE_90K {
            self.audio_90k = self.pcr_90k;
        }
        while self.audio_90k < self.pcr_90k + PICTURE_90K {
            let data = adts_frame();
            let pes = pes_packet(0xc0, self.audio_90k + self.delay_90k, &data);
            let pcr = self.video_pid.is_none().then_some((self.audio_90k, mark));
            self.payload(&mut out, self.audio_pid, &pes, pcr);
            self.audio_90k += AUDIO_FRAME_90K;
        }
        self.made += 1;
        self.pcr_90k += PICTURE_90K;
        out
    }

    /// So many pictures at once.
    pub fn pictures(&mut self, count: usize) -> Vec<u8> {
        (0..count).flat_map(|_| self.picture()).collect()
    }

    /// The next picture begins a group.
    pub fn restart_gop(&mut self) {
        self.made = self.made.next_multiple_of(self.gop);
    }

    fn tables(&mut self, out: &mut Vec<u8>) {
        let mut services = vec![(self.service, self.pmt_pid)];
        services.extend(self.others.iter().map(|&s| (s, 0x1000 + s)));
        let pat = Pat { transport_stream_id: 1, version: 0, services };
        self.section(out, 0, &pat.section());
        let pmt = self.pmt_section();
        self.section(out, self.pmt_pid, &pmt);
    }

    fn pmt_section(&self) -> Vec<u8> {
        let pcr_pid = self.video_pid.unwrap_or(self.audio_pid);
        let mut body = self.service.to_be_bytes().to_vec();
        body.extend([0xc1 | self.pmt_version << 1, 0, 0]);
        body.extend((0xe000 | pcr_pid).to_be_bytes());
        body.extend([0xf0, 0]);
        for (stream_type, pid) in self.video_pid.map(|pid| (0x1b, pid)).into_iter().chain([(0x0f, self.audio_pid)]) {
            body.push(stream_type);
            body.extend((0xe000 | pid).to_be_bytes());
            body.extend([0xf0, 0]);
        }
        section(0x02, &body)
    }

    fn coded_picture(&self) -> Vec<u8> {
        let mut data = vec![0, 0, 0, 1, 9, 0xf0];
        let parameters = [0u8, 0, 0, 1, 0x67, 100, 0, 31, 0xac, 0xd9, 0x40, 0x50, 0, 0, 0, 1, 0x68, 0xeb, 0xec, 0xb2];
        match (self.made.is_multiple_of(self.gop), self.start) {
            (true, GopStart::Idr) => data.extend(parameters.iter().chain(&[0, 0, 1, 0x65, 0x88, 0x84])),
            (true, GopStart::RecoveryPoint) => data.extend(parameters.iter().chain(&[0, 0, 1, 6, 6, 1, 0xc4, 0x80, 0, 0, 1, 0x41, 0x88, 0x84])),
            _ => data.extend([0, 0, 1, 0x41, 0x9a, 0x24]),
        }
        // Content that holds no start code, different in each picture.
        data.resize(self.packets.max(1) * 160, 0x80 | self.made as u8);
        data
    }

    fn section(&mut self, out: &mut Vec<u8>, pid: u16, section: &[u8]) {
        let mut payload = vec![0];
        payload.extend(section);
        payload.resize(payload.len().next_multiple_of(PACKET_LEN - 4), 0xff);
        for (n, chunk) in payload.chunks(PACKET_LEN - 4).enumerate() {
            let counter = self.next_counter(pid);
            out.extend([SYNC_BYTE, (pid >> 8) as u8 | if n == 0 { 0x40 } else { 0 }, pid as u8, 0x10 | counter]);
            out.extend(chunk);
        }
    }

    fn payload(&mut self, out: &mut Vec<u8>, pid: u16, mut pes: &[u8], mut pcr: Option<(i64, bool)>) {
        let mut start = true;
        let scrambling = if self.scrambled { 0x80 } else { 0 };
        while !pes.is_empty() {
            let mut field = Vec::new();
            if let Some((pcr_90k, marked)) = pcr.take() {
                let base = pcr_90k.rem_euclid(WRAP_90K) as u64;
                field.push(0x10 | if marked { 0x80 } else { 0 });
                field.extend([(base >> 25) as u8, (base >> 17) as u8, (base >> 9) as u8, (base >> 1) as u8, (base << 7) as u8 | 0x7e, 0]);
            }
            let room = PACKET_LEN - 4 - if field.is_empty() { 0 } else { 1 + field.len() };
            let take = pes.len().min(room);
            let mut stuffing = room - take;
            if stuffing > 0 && field.is_empty() {
                stuffing -= 1; // the length byte
                if stuffing > 0 {
                    field.push(0);
                    stuffing -= 1;
                }
                field.resize(field.len() + stuffing, 0xff);
                stuffing = 0;
                out.extend(self.header(pid, start, scrambling | 0x30));
                out.push(field.len() as u8);
            } else if field.is_empty() {
                out.extend(self.header(pid, start, scrambling | 0x10));
            } else {
                out.extend(self.header(pid, start, scrambling | 0x30));
                field.resize(field.len() + stuffing, 0xff);
                stuffing = 0;
                out.push(field.len() as u8);
            }
            debug_assert_eq!(stuffing, 0);
            out.extend(field);
            out.extend(&pes[..take]);
            pes = &pes[take..];
            start = false;
        }
    }

    fn header(&mut self, pid: u16, start: bool, control: u8) -> [u8; 4] {
        let counter = self.next_counter(pid);
        [SYNC_BYTE, (pid >> 8) as u8 | if start { 0x40 } else { 0 }, pid as u8, control | counter]
    }

    fn next_counter(&mut self, pid: u16) -> u8 {
        let counter = self.counters.entry(pid).or_insert(15);
        *counter = (*counter + 1) & 0x0f;
        *counter
    }

    /// What the main stream is.
    pub fn kind(&self) -> StreamKind {
        if self.video_pid.is_some() { StreamKind::H264 } else { StreamKind::AacAdts }
    }
}

/// A long section with its CRC: `body` is what lies between the length and the CRC.
pub fn section(table_id: u8, body: &[u8]) -> Vec<u8> {
    let length = body.len() + 4;
    let mut out = vec![table_id, 0xb0 | (length >> 8) as u8, length as u8];
    out.extend(body);
    let crc = crc32_mpeg(&out);
    out.extend(crc.to_be_bytes());
    out
}

/// A PES packet with a PTS. Pictures (stream ids 0xE0 to 0xEF) say no length.
pub fn pes_packet(stream_id: u8, pts_90k: i64, data: &[u8]) -> Vec<u8> {
    let pts = pts_90k.rem_euclid(WRAP_90K) as u64;
    let length = if stream_id & 0xf0 == 0xe0 { 0 } else { data.len() + 8 };
    let mut out = vec![0, 0, 1, stream_id, (length >> 8) as u8, length as u8, 0x80, 0x80, 5];
    out.extend([0x21 | (pts >> 29) as u8 & 0x0e, (pts >> 22) as u8, 1 | (pts >> 14) as u8 & 0xfe, (pts >> 7) as u8, 1 | (pts << 1) as u8 & 0xfe]);
    out.extend(data);
    out
}

/// An AAC-LC frame in ADTS: 48 kHz, stereo, silence-like content.
pub fn adts_frame() -> Vec<u8> {
    let length = 7 + 100;
    let mut out = vec![0xff, 0xf1, 0x4c, 0x80 | (length >> 11) as u8, (length >> 3) as u8, (length << 5) as u8 | 0x1f, 0xfc];
    out.resize(length, 0x21);
    out
}
