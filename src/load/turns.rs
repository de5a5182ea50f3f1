use std::time::Duration;

/// Who of a room's publishers speaks: one after the other, each for a turn; of turns without length, all.
pub fn speaks(since_start: Duration, turn: Duration, publisher: u32, publishers: u32) -> bool {
    if turn.is_zero() || publishers == 0 {
        return true;
    }
    let turns = since_start.as_millis() / turn.as_millis().max(1);
    turns % u128::from(publishers) == u128::from(publisher)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_speaks_at_a_time_and_everybody_has_a_turn() {
        let turn = Duration::from_secs(10);
        for second in 0..100 {
            let speaking: Vec<u32> = (0..4).filter(|publisher| speaks(Duration::from_secs(second), turn, *publisher, 4)).collect();
            assert_eq!(speaking, [(second / 10 % 4) as u32]);
        }
        assert!((0..4).all(|publisher| speaks(Duration::ZERO, Duration::ZERO, publisher, 4)));
    }
}
