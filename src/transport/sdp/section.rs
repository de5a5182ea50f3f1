//! A media section: one `m=` line and what belongs to it.

use super::CodecLine;
use crate::sfu::codec::Kind;
use crate::sfu::packet::{Extension, ExtensionIds};

/// One media section. Sound and pictures have codecs, the data channels' section has an SCTP port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Empty where the client gave it no name.
    pub mid: String,
    pub kind: SectionKind,
    /// As offered (`UDP/TLS/RTP/SAVPF`), since an answer repeats it (RFC 8829 5.3.1).
    pub protocol: String,
    /// Port zero, and not only for being `bundle-only`.
    pub rejected: bool,
    pub direction: Direction,
    /// In the order of preference; RTX stands with the codec that it repairs.
    pub codecs: Vec<CodecLine>,
    pub extensions: ExtensionIds,
    /// Where `a=extmap:9/sendonly` gives an extension a direction of its own (RFC 8285 5), in the order of [`Extension::ALL`].
    pub extension_directions: Vec<(Extension, Direction)>,
    /// In the order of `a=simulcast`, those of `send` first.
    pub rids: Vec<Rid>,
    pub ssrcs: Vec<Ssrc>,
    pub ssrc_groups: Vec<SsrcGroup>,
    pub msid: Option<Msid>,
    /// Of the data channels (RFC 8841).
    pub sctp_port: Option<u16>,
    /// In bytes.
    pub max_message_size: Option<u64>,
    /// `b=TIAS`, otherwise `b=AS`.
    pub bandwidth_bps: Option<u64>,
    pub rtcp_mux: bool,
    pub rtcp_rsize: bool,
    /// For [`SectionKind::Other`], so that it can be refused in its own words.
    pub foreign: Option<Foreign>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SectionKind {
    Audio,
    Video,
    /// Data channels.
    Application,
    /// What a forwarder has no use for: text, fax, floor control.
    Other,
}

/// The `m=` line of media that is not known here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreign {
    pub media: String,
    pub formats: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    SendRecv,
    SendOnly,
    RecvOnly,
    Inactive,
}

/// `a=msid`: which stream and track a section sends (RFC 8830).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Msid {
    pub stream: String,
    /// Empty where only the stream was said.
    pub track: String,
}

/// `a=rid` and its place in `a=simulcast` (RFC 8851, RFC 8853).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rid {
    pub id: String,
    pub direction: RidDirection,
    /// Written `~h`: not sent for now.
    pub paused: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RidDirection {
    Send,
    Recv,
}

/// `a=ssrc` (RFC 5576).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ssrc {
    pub ssrc: u32,
    pub cname: Option<String>,
    pub msid: Option<Msid>,
}

/// `a=ssrc-group`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SsrcGroup {
    pub kind: GroupKind,
    pub ssrcs: Vec<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GroupKind {
    /// A stream and its retransmission (RFC 4588 with RFC 5576 4.2).
    Fid,
    /// Layers of simulcast, as clients before rids told them.
    Sim,
}

impl Section {
    pub(super) fn new(kind: SectionKind, mid: &str, protocol: &str) -> Self {
        Self {
            mid: mid.to_owned(),
            kind,
            protocol: protocol.to_owned(),
            rejected: false,
            direction: Direction::SendRecv,
            codecs: Vec::new(),
            extensions: ExtensionIds::default(),
            extension_directions: Vec::new(),
            rids: Vec::new(),
            ssrcs: Vec::new(),
            ssrc_groups: Vec::new(),
            msid: None,
            sctp_port: None,
            max_message_size: None,
            bandwidth_bps: None,
            rtcp_mux: false,
            rtcp_rsize: false,
            foreign: None,
        }
    }

    pub fn codec(&self, payload_type: u8) -> Option<&CodecLine> {
        self.codecs.iter().find(|line| line.payload_type == payload_type)
    }

    /// The stream that repairs this one, as `a=ssrc-group:FID` says.
    pub fn repair_ssrc(&self, ssrc: u32) -> Option<u32> {
        self.ssrc_groups.iter().find_map(|group| match (group.kind, group.ssrcs.as_slice()) {
            (GroupKind::Fid, [media, repair, ..]) if *media == ssrc => Some(*repair),
            _ => None,
        })
    }

    /// The layers that the writer of this section wants to send.
    pub fn sent_rids(&self) -> impl Iterator<Item = &Rid> {
        self.rids.iter().filter(|rid| rid.direction == RidDirection::Send)
    }
}

impl SectionKind {
    /// Of sound and pictures.
    pub fn media(self) -> Option<Kind> {
        match self {
            Self::Audio => Some(Kind::Audio),
            Self::Video => Some(Kind::Video),
            Self::Application | Self::Other => None,
        }
    }
}

impl Direction {
    pub const ALL: [Self; 4] = [Self::SendRecv, Self::SendOnly, Self::RecvOnly, Self::Inactive];

    pub fn of(sends: bool, receives: bool) -> Self {
        match (sends, receives) {
            (true, true) => Self::SendRecv,
            (true, false) => Self::SendOnly,
            (false, true) => Self::RecvOnly,
            (false, false) => Self::Inactive,
        }
    }

    pub fn sends(self) -> bool {
        matches!(self, Self::SendRecv | Self::SendOnly)
    }

    pub fn receives(self) -> bool {
        matches!(self, Self::SendRecv | Self::RecvOnly)
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::SendRecv => "sendrecv",
            Self::SendOnly => "sendonly",
            Self::RecvOnly => "recvonly",
            Self::Inactive => "inactive",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.word() == word)
    }
}

impl RidDirection {
    pub fn word(self) -> &'static str {
        match self {
            Self::Send => "send",
            Self::Recv => "recv",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Send, Self::Recv].into_iter().find(|each| each.word() == word)
    }
}

impl GroupKind {
    pub fn word(self) -> &'static str {
        match self {
            Self::Fid => "FID",
            Self::Sim => "SIM",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Fid, Self::Sim].into_iter().find(|each| each.word() == word)
    }
}

impl Msid {
    /// `stream track`; a second word is not always there (RFC 8830 2).
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let stream = words.next()?.to_owned();
        Some(Self { stream, track: words.next().unwrap_or_default().to_owned() })
    }

    pub(super) fn words(&self) -> String {
        format!("{} {}", self.stream, self.track).trim_end().to_owned()
    }
}
