//! Who sends: source descriptions and farewells (RFC 3550 6.5, 6.6).

use super::wire::{self, Message, word};

const CNAME: u8 = 1;

/// Sources in the order they stand.
#[derive(Debug, Clone)]
pub struct SsrcList<'a> {
    words: std::slice::Iter<'a, [u8; 4]>,
}

impl<'a> SsrcList<'a> {
    pub(super) fn new(bytes: &'a [u8], count: u8) -> Option<Self> {
        let (words, _) = bytes.as_chunks();
        Some(Self { words: words.get(..usize::from(count))?.iter() })
    }
}

impl Iterator for SsrcList<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        self.words.next().map(|word| u32::from_be_bytes(*word))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.words.size_hint()
    }
}

/// The chunks of a source description; of a damaged one those before the damage.
#[derive(Debug, Clone)]
pub struct Sdes<'a> {
    rest: &'a [u8],
    left: u8,
}

/// What is said of one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chunk<'a> {
    pub ssrc: u32,
    /// The name that all streams of one sender share: UTF-8 by the RFC, but who knows.
    pub cname: Option<&'a [u8]>,
}

impl<'a> Sdes<'a> {
    pub(super) fn new(rest: &'a [u8], left: u8) -> Self {
        Self { rest, left }
    }
}

impl<'a> Iterator for Sdes<'a> {
    type Item = Chunk<'a>;

    fn next(&mut self) -> Option<Chunk<'a>> {
        self.left = self.left.checked_sub(1)?;
        let mut chunk = Chunk { ssrc: word(self.rest, 0)?, cname: None };
        let mut at = 4;
        // Items end with a null, and the chunk at the next whole word.
        while let [kind, len, items @ ..] = self.rest.get(at..)?
            && *kind != 0
        {
            let text = items.get(..usize::from(*len))?;
            if *kind == CNAME {
                chunk.cname = Some(text);
            }
            at += 2 + text.len();
        }
        self.rest = self.rest.get((at + 1).next_multiple_of(4)..).unwrap_or_default();
        Some(chunk)
    }
}

/// A description of one source by its name; what is over 255 bytes of it is cut off.
pub fn write_sdes_cname(out: &mut Vec<u8>, ssrc: u32, cname: &str) {
    let cname = cname.get(..cname.floor_char_boundary(255)).unwrap_or_default();
    let mut message = Message::begin(out, wire::SDES, 1);
    message.words(&[ssrc]);
    message.bytes(&[CNAME, cname.len() as u8]);
    message.bytes(cname.as_bytes());
    message.bytes(&[0]);
    message.end();
}

pub fn write_bye(out: &mut Vec<u8>, ssrcs: &[u32]) {
    for ssrcs in ssrcs.chunks(wire::COUNT_MAX) {
        let mut message = Message::begin(out, wire::BYE, ssrcs.len() as u8);
        message.words(ssrcs);
        message.end();
    }
}
