use super::*;

#[tokio::test]
async fn everyone_concerned_is_told_but_for_who_did_it() {
    let world = World::new().await;
    let person = world.fixture.person("zhang", "ningbo", &[]).await;
    let chair = me(world.clerk("ningbo"));
    let asked = NewMeeting { chair: Some(chair), branches: vec![site("xihu"), VenueId::person(&person.id)], ..new("root", "root", &[], 0) };
    let made = world.book("root", asked).await.unwrap();
    let zhang = world.fixture.sign_in("zhang").await;
    let own = world.meetings.notices(&zhang, NoticesQuery::default(), 10).await.unwrap();
    assert_eq!((own.len(), own[0].kind, own[0].person.as_ref()), (1, NoticeKind::Invited, Some(&person.id)));
    assert!(own[0].text.contains("2026-11-23 09:00–10:00"), "{}", own[0].text);
    assert_eq!(world.notices("ningbo").await.len(), 1, "the chair");
    assert_eq!(world.notices("yuhang").await.len(), 0);
    // The province's own hall is the unit's, not the clerk's.
    let of_root = world.notices("root").await;
    assert!(of_root.iter().all(|notice| notice.person.is_none()), "{of_root:?}");
    world.meetings.cancel(world.clerk("root"), &made.id, Cancel { reason: "停电".to_owned(), ..Default::default() }).await.unwrap();
    let xihu = world.notices("xihu").await;
    assert_eq!(xihu.iter().map(|notice| notice.kind).collect::<Vec<_>>(), [NoticeKind::Cancelled, NoticeKind::Invited]);
    assert!(xihu[0].text.contains("停电"));
}

#[tokio::test]
async fn a_notice_is_read_by_whom_it_is_for() {
    let world = World::new().await;
    world.book("root", new("root", "root", &["xihu"], 0)).await.unwrap();
    let notice = world.notices("xihu").await.remove(0);
    assert_eq!(notice.unit, Some("xihu".into()));
    let hidden = world.meetings.read_notice(world.clerk("yuhang"), &notice.id).await.unwrap_err();
    assert!(matches!(hidden, MeetingError::Store(crate::store::StoreError::Missing { .. })));
    let read = world.meetings.read_notice(world.clerk("xihu"), &notice.id).await.unwrap();
    assert_eq!(read.read_at, Some(crate::org::tests::NOON));
    let unread = NoticesQuery { unread: true, ..Default::default() };
    assert!(world.meetings.notices(world.clerk("xihu"), unread, 10).await.unwrap().is_empty());
    let of_unit = NoticesQuery { unit: Some("xihu".into()), ..Default::default() };
    assert_eq!(world.meetings.notices(world.clerk("hangzhou"), of_unit.clone(), 10).await.unwrap().len(), 1, "those above may look");
    assert!(world.meetings.notices(world.clerk("yuhang"), of_unit, 10).await.is_err());
    assert!(world.meetings.notices(&world.fixture.anonymous("10.0.0.9").await, NoticesQuery::default(), 10).await.is_err());
    let before = NoticesQuery { before: Some(notice.id), ..Default::default() };
    assert!(world.meetings.notices(world.clerk("xihu"), before, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn unread_notices_are_counted_and_read_at_once_up_to_what_was_seen() {
    let world = World::new().await;
    for hours in 0..3 {
        world.book("root", new("root", "root", &["xihu"], hours)).await.unwrap();
    }
    let xihu = world.clerk("xihu");
    assert_eq!(world.meetings.unread_notices(xihu).await.unwrap(), 3);
    let seen = world.notices("xihu").await;
    world.meetings.read_notices(xihu, None, &seen[1].id).await.unwrap();
    let left = world.notices("xihu").await;
    assert_eq!((world.meetings.unread_notices(xihu).await.unwrap(), left[0].read_at), (1, None), "what came after stays unread");
    assert_eq!(world.meetings.unread_notices(world.clerk("yuhang")).await.unwrap(), 0);
    assert!(world.meetings.read_notices(world.clerk("yuhang"), Some("xihu".into()), &seen[0].id).await.is_err());
}

#[tokio::test]
async fn a_notice_asks_for_a_reply_until_there_is_one() {
    let world = World::new().await;
    let made = world.book("root", new("root", "root", &["xihu", "yuhang"], 0)).await.unwrap();
    assert!(world.notices("xihu").await[0].asks_reply && world.notices("yuhang").await[0].asks_reply);
    world.meetings.reply(world.clerk("xihu"), &made.id, answer("xihu", Reply::Accepted)).await.unwrap();
    assert!(!world.notices("xihu").await[0].asks_reply && world.notices("yuhang").await[0].asks_reply);
    world.meetings.cancel(world.clerk("root"), &made.id, Cancel::default()).await.unwrap();
    assert!(!world.notices("yuhang").await[0].asks_reply);
}
