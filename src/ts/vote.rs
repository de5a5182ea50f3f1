//! Tables out of a bad signal: a section that never comes whole is put together from its repetitions, byte by byte as most of them say.
//! Its CRC tells whether that succeeded. (In one capture not one of nine PMTs is whole; any three of them give it.)

use super::crc32_mpeg;

/// Damaged repetitions of one section.
#[derive(Debug, Default)]
pub(super) struct SectionVote {
    heard: Vec<Vec<u8>>,
}

/// So many repetitions are remembered.
const HEARD: usize = 5;

impl SectionVote {
    /// Takes a section whose CRC is wrong; returns the whole one when the repetitions give it.
    pub(super) fn offer(&mut self, section: &[u8]) -> Option<Vec<u8>> {
        self.heard.retain(|h| h.len() == section.len());
        if self.heard.len() == HEARD {
            self.heard.remove(0);
        }
        self.heard.push(section.to_vec());
        if self.heard.len() < 3 {
            return None;
        }
        let most = |at: usize| {
            let votes = |byte: u8| self.heard.iter().filter(|h| h[at] == byte).count();
            self.heard.iter().map(|h| h[at]).max_by_key(|&byte| votes(byte)).unwrap_or(0)
        };
        let section: Vec<u8> = (0..section.len()).map(most).collect();
        (crc32_mpeg(&section) == 0).then_some(section)
    }

    /// A whole section came.
    pub(super) fn clear(&mut self) {
        self.heard.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ts::testing::section;

    #[test]
    fn three_damaged_sections_give_a_whole_one() {
        let whole = section(0x02, &[7; 300]);
        let damaged = |at: usize| {
            let mut s = whole.clone();
            s[at] ^= 0x41;
            s
        };
        let mut vote = SectionVote::default();
        assert_eq!(vote.offer(&damaged(20)), None);
        assert_eq!(vote.offer(&damaged(200)), None);
        assert_eq!(vote.offer(&damaged(30)), Some(whole));
    }

    #[test]
    fn sections_that_agree_on_damage_give_none() {
        let mut vote = SectionVote::default();
        for _ in 0..10 {
            assert_eq!(vote.offer(&[2, 0xb0, 9, 0, 1, 0xc1, 0, 0, 1, 1, 1, 1]), None);
        }
    }
}
