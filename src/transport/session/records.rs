//! DTLS records (RFC 6347 4.1) taken apart, and handshake messages put together, before `rtc::dtls` sees them.
//!
//! `rtc::dtls` would keep two megabytes of fragments per client, and its way of joining them takes exponential time and deep recursion on fragments made for it.
//! It also answers each fragment of a first ClientHello. So it gets whole messages, in order, each once.

/// A ClientHello with ML-KEM has 1.4 kB, a certificate chain a few.
const MAX_MESSAGE: usize = 16 * 1024;
/// What all unfinished messages may declare together.
const MAX_PENDING: usize = 32 * 1024;
/// A flight has at most five messages.
const MAX_AHEAD: u16 = 8;

pub(super) const CHANGE_CIPHER_SPEC: u8 = 20;
pub(super) const ALERT: u8 = 21;
pub(super) const HANDSHAKE: u8 = 22;
pub(super) const APPLICATION_DATA: u8 = 23;

const RECORD_HEADER: usize = 13;
const MESSAGE_HEADER: usize = 12;
pub(super) const CLIENT_HELLO: u8 = 1;

#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'a> {
    pub content_type: u8,
    pub epoch: u16,
    /// With its header.
    pub bytes: &'a [u8],
    pub body: &'a [u8],
}

/// The records of a datagram, up to the first that is malformed.
pub(super) fn records(mut datagram: &[u8]) -> impl Iterator<Item = Record<'_>> {
    std::iter::from_fn(move || {
        let header = datagram.get(..RECORD_HEADER)?;
        let (&[content_type, major, _], rest) = header.split_first_chunk::<3>()?;
        let (&epoch, rest) = rest.split_first_chunk::<2>()?;
        let (_, len) = rest.split_first_chunk::<6>()?;
        let len = usize::from(u16::from_be_bytes(len.try_into().ok()?));
        let bytes = datagram.get(..RECORD_HEADER + len)?;
        if major != 0xfe {
            return None;
        }
        datagram = datagram.get(RECORD_HEADER + len..)?;
        Some(Record { content_type, epoch: u16::from_be_bytes(epoch), bytes, body: bytes.get(RECORD_HEADER..)? })
    })
}

/// A record of epoch 0 around this body.
pub(super) fn plain_record(content_type: u8, sequence: u64, body: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(&[content_type, 0xfe, 0xfd, 0, 0]);
    out.extend_from_slice(sequence.to_be_bytes().get(2..).unwrap_or_default());
    out.extend_from_slice(&(body.len() as u16).to_be_bytes());
    out.extend_from_slice(body);
}

/// A whole handshake message, its header as if it had never been fragmented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Message {
    pub kind: u8,
    pub bytes: Vec<u8>,
}

impl Message {
    pub fn body(&self) -> &[u8] {
        self.bytes.get(MESSAGE_HEADER..).unwrap_or_default()
    }
}

/// What a record of handshake fragments brought.
#[derive(Debug, Default)]
pub(super) struct Pushed {
    /// A fragment of a message that was complete before: the client repeats itself.
    pub is_repeat: bool,
    /// Fragments that are malformed, contradict others, or are over a limit.
    pub refused: u32,
}

/// Puts the messages of epoch 0 together.
#[derive(Debug, Default)]
pub(super) struct Assembler {
    /// The number of the first message that was not taken out.
    next: u16,
    partial: Vec<Partial>,
}

#[derive(Debug)]
struct Partial {
    sequence: u16,
    kind: u8,
    bytes: Vec<u8>,
    have: Vec<bool>,
    missing: usize,
}

impl Assembler {
    /// Takes the fragments in a handshake record's body.
    pub fn push(&mut self, mut body: &[u8]) -> Pushed {
        let mut pushed = Pushed::default();
        while !body.is_empty() {
            let Some((fragment, rest)) = Fragment::split(body) else {
                pushed.refused += 1;
                break;
            };
            body = rest;
            if fragment.sequence < self.next {
                pushed.is_repeat = true;
            } else if !self.take(&fragment) {
                pushed.refused += 1;
            }
        }
        pushed
    }

    fn take(&mut self, fragment: &Fragment<'_>) -> bool {
        if fragment.length > MAX_MESSAGE || fragment.sequence - self.next >= MAX_AHEAD {
            return false;
        }
        let at = match self.partial.iter().position(|partial| partial.sequence == fragment.sequence) {
            Some(at) => at,
            None => {
                let pending: usize = self.partial.iter().map(|partial| partial.have.len()).sum();
                if pending + fragment.length > MAX_PENDING {
                    return false;
                }
                self.partial.push(Partial::new(fragment));
                self.partial.len() - 1
            }
        };
        self.partial.get_mut(at).is_some_and(|partial| partial.fill(fragment))
    }

    /// The next message in order, if it is complete.
    pub fn pop(&mut self) -> Option<Message> {
        let at = self.partial.iter().position(|partial| partial.sequence == self.next && partial.missing == 0)?;
        let partial = self.partial.swap_remove(at);
        self.next = self.next.checked_add(1)?;
        Some(Message { kind: partial.kind, bytes: partial.bytes })
    }
}

impl Partial {
    fn new(fragment: &Fragment<'_>) -> Partial {
        let mut bytes = Vec::with_capacity(MESSAGE_HEADER + fragment.length);
        let length = (fragment.length as u32).to_be_bytes();
        bytes.push(fragment.kind);
        bytes.extend_from_slice(&length[1..]);
        bytes.extend_from_slice(&fragment.sequence.to_be_bytes());
        bytes.extend_from_slice(&[0, 0, 0]);
        bytes.extend_from_slice(&length[1..]);
        bytes.resize(MESSAGE_HEADER + fragment.length, 0);
        Partial { sequence: fragment.sequence, kind: fragment.kind, bytes, have: vec![false; fragment.length], missing: fragment.length }
    }

    fn fill(&mut self, fragment: &Fragment<'_>) -> bool {
        if fragment.kind != self.kind || fragment.length != self.have.len() {
            return false;
        }
        let bytes = self.bytes.iter_mut().skip(MESSAGE_HEADER + fragment.offset);
        for ((byte, have), new) in bytes.zip(self.have.iter_mut().skip(fragment.offset)).zip(fragment.data) {
            if !*have {
                (*byte, *have) = (*new, true);
                self.missing -= 1;
            }
        }
        true
    }
}

struct Fragment<'a> {
    kind: u8,
    length: usize,
    sequence: u16,
    offset: usize,
    data: &'a [u8],
}

impl<'a> Fragment<'a> {
    fn split(body: &'a [u8]) -> Option<(Fragment<'a>, &'a [u8])> {
        let (&[kind, l0, l1, l2, s0, s1, o0, o1, o2, f0, f1, f2], rest) = body.split_first_chunk::<MESSAGE_HEADER>()?;
        let number = |a, b, c| u32::from_be_bytes([0, a, b, c]) as usize;
        let (length, offset, len) = (number(l0, l1, l2), number(o0, o1, o2), number(f0, f1, f2));
        let (data, rest) = rest.split_at_checked(len)?;
        if offset + len > length {
            return None;
        }
        Some((Fragment { kind, length, sequence: u16::from_be_bytes([s0, s1]), offset, data }, rest))
    }
}
