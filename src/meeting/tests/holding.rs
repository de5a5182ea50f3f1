//! A meeting's actor lives as long as there is something to hold.

use std::time::Duration;

use super::*;
use crate::conduct::{Actor, Command};
use crate::meeting::live::{Door, Live, LiveError};
use crate::room::Rooms;

const MINUTE: i64 = 60_000;

#[tokio::test]
async fn a_meeting_that_nobody_opens_is_forgotten_a_quarter_of_an_hour_after_its_end() {
    let world = World::new().await;
    let live = Live::new(world.meetings.clone(), Rooms::for_tests(100));
    let booked = world.book("hangzhou", new("hangzhou", "hangzhou", &["xihu"], 0)).await.unwrap();
    let held = live.meeting(&booked).await.unwrap();
    assert_eq!(held.knock(site("xihu"), "西湖".to_owned()).await.unwrap(), Door::Waiting);
    let mut told = held.watch();
    world.fixture.clock.set(booked.ends + 16 * MINUTE);
    let ended = tokio::time::timeout(Duration::from_secs(10), async { while told.changed().await.is_ok() {} }).await;
    assert!(ended.is_ok(), "its actor goes on");
    assert!(matches!(live.meeting(&booked).await, Err(LiveError::Over(_))));
    assert_eq!(world.meeting(&booked.id).await.state, MeetingState::Booked, "it was not held");
}

#[tokio::test]
async fn commands_that_wait_together_are_all_answered_and_kept() {
    let world = World::new().await;
    let live = Live::new(world.meetings.clone(), Rooms::for_tests(100));
    let booked = world.book("hangzhou", new("hangzhou", "hangzhou", &["xihu", "yuhang"], 0)).await.unwrap();
    let held = live.meeting(&booked).await.unwrap();
    held.command(Actor::Desk, Command::Open).await.unwrap();
    let texts: Vec<String> = (0..30).map(|n| format!("第 {n} 句")).collect();
    let commands = texts.iter().map(|text| held.command(Actor::Desk, Command::SetSubtitle { text: text.clone() }));
    let versions: Vec<u64> = futures_util::future::join_all(commands).await.into_iter().map(Result::unwrap).collect();
    assert!(versions.windows(2).all(|two| two[0] < two[1]), "{versions:?}");
    assert_eq!(held.conduct().subtitle, texts[29]);
    assert_eq!(world.fixture.store.meeting_log(&booked.id).await.unwrap().len(), 31);
    let kept: crate::conduct::Conduct = serde_json::from_str(&world.meetings.conduct(&booked.id).await.unwrap().unwrap()).unwrap();
    assert_eq!(kept, *held.conduct());
    assert_eq!(world.meeting(&booked.id).await.state, MeetingState::Open);
}
