//! Who may, and what the log says of who did it for whom.

use super::*;
use crate::org::{Denied, NewToken, RoleOn};

#[tokio::test]
async fn booking_takes_the_chair_role_on_the_unit_or_above() {
    let world = World::new().await;
    world.fixture.person("viewer", "xihu", &[(Role::Viewer, "root"), (Role::Operator, "root")]).await;
    let viewer = world.fixture.sign_in("viewer").await;
    let stranger = world.fixture.anonymous("10.0.0.9").await;
    let asked = || new("xihu", "xihu", &[], 0);
    assert!(matches!(world.meetings.create(&viewer, asked()).await, Err(MeetingError::Denied(Denied::Role { .. }))));
    assert!(matches!(world.meetings.create(&stranger, asked()).await, Err(MeetingError::Denied(Denied::SignIn))));
    assert!(matches!(world.meetings.create(world.clerk("yuhang"), asked()).await, Err(MeetingError::Denied(_))));
    for unit in ["xihu", "hangzhou", "root"] {
        let made = world.book(unit, asked()).await.unwrap();
        world.meetings.cancel(world.clerk("xihu"), &made.id, Cancel::default()).await.unwrap();
    }
}

#[tokio::test]
async fn those_named_in_a_booking_may_change_it_but_not_by_a_token_alone() {
    let world = World::new().await;
    for name in ["leader", "secretary", "other"] {
        world.fixture.person(name, "ningbo", &[]).await;
    }
    let mut callers = vec![];
    for name in ["leader", "secretary", "other"] {
        callers.push(world.fixture.sign_in(name).await);
    }
    let [leader, secretary, other] = &callers[..] else { panic!() };
    let desk = vec![NewDeskPerson { person: me(secretary), duty: Duty::Secretary, acts_for: None }];
    let made = world.book("hangzhou", NewMeeting { chair: Some(me(leader)), desk, ..new("hangzhou", "hangzhou", &["xihu"], 0) }).await.unwrap();
    let duties: Vec<_> = made.desk.iter().map(|desk| (desk.person.clone(), desk.duty)).collect();
    assert!(duties.contains(&(me(world.clerk("hangzhou")), Duty::Clerk)), "who books for a chair is the clerk");
    let title = |title: &str| MeetingPatch { title: Some(title.to_owned()), ..Default::default() };
    world.meetings.change(leader, &made.id, title("一")).await.unwrap();
    world.meetings.change(secretary, &made.id, title("二")).await.unwrap();
    assert!(matches!(world.meetings.change(other, &made.id, title("三")).await, Err(MeetingError::Denied(_))));
    assert!(matches!(world.meetings.get(other, &made.id).await, Err(MeetingError::Denied(_))));
    let log = world.log().await;
    let (action, person, after) = log.last().unwrap().clone();
    assert_eq!((action.as_str(), person.as_deref()), ("meeting.update", Some("secretary")));
    let after = after.unwrap();
    assert_eq!((after["acting_for"].as_str(), after["chair"].as_str()), (Some(me(leader).as_str()), Some(me(leader).as_str())), "both are named");
    // A token of the leader's that may nothing.
    let token = world.fixture.org.create_token(leader, NewToken { name: "x".to_owned(), roles: Vec::<RoleOn>::new(), expires: None }).await.unwrap();
    let by_token = world.fixture.org.caller(crate::org::Credentials::Bearer(&token.token), "10.0.0.1".parse().unwrap()).await.unwrap();
    assert!(matches!(world.meetings.change(&by_token, &made.id, title("四")).await, Err(MeetingError::Denied(_))));
    assert!(world.meetings.get(&by_token, &made.id).await.is_ok());
}

#[tokio::test]
async fn the_province_sees_all_and_a_county_its_own() {
    let world = World::new().await;
    let far = world.book("ningbo", new("ningbo", "ningbo", &[], 0)).await.unwrap();
    let near = world.book("hangzhou", new("hangzhou", "hangzhou", &["xihu"], 0)).await.unwrap();
    let (from, to) = (MONDAY, MONDAY + 24 * HOUR);
    let seen = async |unit: &str, asked: ListQuery| {
        let found = world.meetings.list(world.clerk(unit), ListQuery { from, to, ..asked }).await.unwrap();
        found.into_iter().map(|meeting| meeting.unit.to_string()).collect::<std::collections::BTreeSet<_>>()
    };
    let set = |units: &[&str]| units.iter().map(|unit| (*unit).to_owned()).collect();
    assert_eq!(seen("root", ListQuery::default()).await, set(&["hangzhou", "ningbo"]));
    assert_eq!(seen("xihu", ListQuery::default()).await, set(&["hangzhou"]));
    assert_eq!(seen("yuhang", ListQuery::default()).await, set(&[]));
    assert_eq!(seen("root", ListQuery { unit: Some("hangzhou".into()), ..Default::default() }).await, set(&["hangzhou"]));
    assert_eq!(seen("root", ListQuery { mine: true, ..Default::default() }).await, set(&[]));
    assert_eq!(seen("xihu", ListQuery { mine: true, ..Default::default() }).await, set(&["hangzhou"]));
    assert_eq!(seen("root", ListQuery { state: Some(MeetingState::Cancelled), ..Default::default() }).await, set(&[]));
    assert!(world.meetings.get(world.clerk("xihu"), &far.id).await.is_err());
    assert!(world.meetings.get(world.clerk("xihu"), &near.id).await.is_ok());
    let range = ListQuery { from, to: from + 401 * 24 * HOUR, ..Default::default() };
    assert!(matches!(world.meetings.list(world.clerk("root"), range).await, Err(MeetingError::Invalid { .. })));
    let backwards = ListQuery { from: UtcMs(i64::MAX), to: UtcMs(i64::MIN), ..Default::default() };
    assert!(world.meetings.list(world.clerk("root"), backwards).await.is_err());
}

#[tokio::test]
async fn a_venue_is_answered_for_by_its_unit_the_person_or_their_secretary() {
    let world = World::new().await;
    for name in ["leader", "secretary"] {
        world.fixture.person(name, "ningbo", &[]).await;
    }
    let (leader, secretary) = (world.fixture.sign_in("leader").await, world.fixture.sign_in("secretary").await);
    let venue = VenueId::person(&me(&leader));
    let desk = vec![NewDeskPerson { person: me(&secretary), duty: Duty::Secretary, acts_for: Some(me(&leader)) }];
    let made = world.book("root", NewMeeting { branches: vec![venue.clone(), site("xihu")], desk, ..new("root", "root", &[], 0) }).await.unwrap();
    let answer = |venue: &VenueId| NewReply { venue: Some(venue.clone()), reply: Reply::Accepted, headcount: None, remark: String::new() };
    world.meetings.reply(&leader, &made.id, answer(&venue)).await.unwrap();
    let after = world.meetings.reply(&secretary, &made.id, NewReply { venue: None, ..answer(&venue) }).await.unwrap();
    assert_eq!(after.venue(&venue).unwrap().replied_by, Some(me(&secretary)));
    let log = world.log().await;
    assert_eq!(log.last().unwrap().2.as_ref().unwrap()["acting_for"].as_str(), Some(me(&leader).as_str()));
    assert!(matches!(world.meetings.reply(&secretary, &made.id, answer(&site("xihu"))).await, Err(MeetingError::Denied(_))));
    assert!(matches!(world.meetings.reply(world.clerk("yuhang"), &made.id, answer(&site("xihu"))).await, Err(MeetingError::Denied(_))));
    assert!(matches!(world.meetings.reply(&leader, &made.id, answer(&site("nowhere"))).await, Err(MeetingError::Store(_))));
    for unit in ["xihu", "hangzhou", "root"] {
        world.meetings.reply(world.clerk(unit), &made.id, answer(&site("xihu"))).await.unwrap();
    }
}
