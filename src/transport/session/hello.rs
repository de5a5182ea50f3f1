//! What a ClientHello offers for SRTP: the profile must be known before `rtc::dtls` reads the message.

const USE_SRTP: u16 = 14;

/// The profiles of `use_srtp` (RFC 5764 4.1.1) in a ClientHello's body, in the client's order. Empty without the extension; `None` for what is no ClientHello.
pub(super) fn srtp_profiles(body: &[u8]) -> Option<Vec<u16>> {
    let mut rest = Reader(body);
    rest.take(2 + 32)?;
    rest.vector8()?; // session
    rest.vector8()?; // cookie
    rest.vector16()?; // cipher suites
    rest.vector8()?; // compression
    if rest.0.is_empty() {
        return Some(Vec::new());
    }
    let mut extensions = Reader(rest.vector16()?);
    while !extensions.0.is_empty() {
        let kind = extensions.u16()?;
        let data = extensions.vector16()?;
        if kind == USE_SRTP {
            let profiles = Reader(data).vector16()?;
            return Some(profiles.as_chunks::<2>().0.iter().map(|profile| u16::from_be_bytes(*profile)).collect());
        }
    }
    Some(Vec::new())
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes(self.take(2)?.try_into().ok()?))
    }

    fn vector8(&mut self) -> Option<&'a [u8]> {
        let len = *self.take(1)?.first()?;
        self.take(usize::from(len))
    }

    fn vector16(&mut self) -> Option<&'a [u8]> {
        let len = self.u16()?;
        self.take(usize::from(len))
    }
}
