//! Papers on a real disk: who sees, who changes, who opened, what is kept.

use std::path::PathBuf;

use bytes::Bytes;
use futures_util::stream;

use super::kind::tests::archive;
use super::*;
use crate::meeting::tests::{HOUR, World, me, new, site};
use crate::meeting::{AgendaPoint, DayOfWeek, Every, Meeting, NewMeeting, Repeat, Scope};
use crate::org::Caller;

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n";

struct Desk {
    world: World,
    papers: Papers,
    meeting: Meeting,
}

impl Desk {
    async fn new() -> Self {
        let world = World::new().await;
        let options = PaperOptions { most_bytes: 4_096, most_count: 3, kept: Duration::from_secs(30 * 86_400), reserve_bytes: 0 };
        let papers = Papers::new(world.meetings.clone(), world.fixture.folder(), options).unwrap();
        let agenda = vec![AgendaPoint { title: "水情通报".to_owned(), minutes: None, speaker: None }];
        let meeting = world.book("root", NewMeeting { agenda, ..new("root", "root", &["xihu", "yuhang"], 0) }).await.unwrap();
        Self { world, papers, meeting }
    }

    fn standing(&self, caller: &Caller) -> Standing {
        Standing::new(caller, &self.meeting, None).unwrap()
    }

    async fn bring_as(&self, caller: &Caller, new: NewPaper, bytes: &'static [u8]) -> Result<MeetingPaper, PaperError> {
        // In small pieces, as a line gives them.
        let file = stream::iter(bytes.chunks(5).map(|chunk| Ok::<_, std::io::Error>(Bytes::from_static(chunk))));
        self.papers.bring(caller, &self.standing(caller), &self.meeting, new, file).await
    }

    async fn bring(&self, name: &str, bytes: &'static [u8]) -> Result<MeetingPaper, PaperError> {
        self.bring_as(self.world.clerk("root"), NewPaper { name: name.to_owned(), ..NewPaper::default() }, bytes).await
    }

    async fn titles(&self, unit: &str) -> Vec<String> {
        let papers = self.papers.list(&self.standing(self.world.clerk(unit)), &self.meeting.id).await.unwrap();
        papers.into_iter().map(|paper| paper.title).collect()
    }

    /// All files of papers on the disk.
    fn files(&self) -> Vec<PathBuf> {
        let below = |folder: PathBuf| std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
        below(self.world.fixture.folder().join("papers")).into_iter().flat_map(|path| if path.is_dir() { below(path) } else { vec![path] }).collect()
    }
}

#[tokio::test]
async fn branches_see_a_paper_from_when_it_is_distributed() {
    let desk = Desk::new().await;
    let (root, xihu) = (desk.world.clerk("root"), desk.world.clerk("xihu"));
    let paper = desk.bring("C:\\文件\\水情简报 第12期.pdf", PDF).await.unwrap();
    assert_eq!((paper.title.as_str(), paper.kind, paper.bytes, paper.distributed), ("水情简报 第12期", PaperKind::Pdf, PDF.len() as u64, None));
    assert_eq!((desk.titles("root").await.len(), desk.titles("xihu").await.len()), (1, 0));
    let hidden = desk.papers.open(&desk.standing(xihu), &desk.meeting.id, &paper.id).await.unwrap_err();
    assert!(matches!(hidden, PaperError::Meeting(MeetingError::Store(StoreError::Missing { .. }))), "{hidden}");
    desk.papers.distribute(root, &desk.standing(root), &desk.meeting, Some(std::slice::from_ref(&paper.id))).await.unwrap();
    assert_eq!(desk.titles("xihu").await, ["水情简报 第12期"]);
    let opened = desk.papers.open(&desk.standing(xihu), &desk.meeting.id, &paper.id).await.unwrap();
    assert_eq!((std::fs::read(opened.path).unwrap().as_slice(), opened.media_type), (PDF, "application/pdf"));
}

#[tokio::test]
async fn a_receipt_says_who_opened_first_and_who_has_not() {
    let desk = Desk::new().await;
    let root = desk.world.clerk("root");
    let paper = desk.bring("简报.pdf", PDF).await.unwrap();
    desk.papers.distribute(root, &desk.standing(root), &desk.meeting, None).await.unwrap();
    let open = async |unit: &str| desk.papers.open(&desk.standing(desk.world.clerk(unit)), &desk.meeting.id, &paper.id).await.unwrap();
    open("xihu").await;
    desk.world.fixture.clock.advance_ms(60_000);
    open("xihu").await;
    open("root").await;
    let receipts = desk.papers.receipts(root, &desk.standing(root), &desk.meeting, &paper.id).await.unwrap();
    assert_eq!(
        (receipts.opened.len(), &receipts.opened[0].venue, receipts.opened[0].at),
        (1, &site("xihu"), crate::org::tests::NOON),
        "the clerk's own look is none"
    );
    assert_eq!(receipts.not_opened.iter().map(|one| one.venue.as_str()).collect::<Vec<_>>(), ["site:yuhang"]);
    let listed = desk.papers.list(&desk.standing(root), &desk.meeting.id).await.unwrap();
    assert_eq!(listed[0].opened, Some(1));
    let xihu = desk.world.clerk("xihu");
    assert_eq!(desk.papers.list(&desk.standing(xihu), &desk.meeting.id).await.unwrap()[0].opened, None);
    assert!(desk.papers.receipts(xihu, &desk.standing(xihu), &desk.meeting, &paper.id).await.is_err());
}

#[tokio::test]
async fn what_is_no_paper_or_too_much_leaves_nothing_behind() {
    let desk = Desk::new().await;
    let large: &'static [u8] = Box::leak([PDF, &[b' '; 5_000]].concat().into_boxed_slice());
    assert!(matches!(desk.bring("页面.pdf", b"<html><script>alert(1)</script>").await, Err(PaperError::Kind { .. })));
    assert!(matches!(desk.bring("空.pdf", b"").await, Err(PaperError::Empty)));
    assert!(matches!(desk.bring("大.pdf", large).await, Err(PaperError::TooLarge { most_bytes: 4_096 })));
    let declared = NewPaper { name: "大.pdf".to_owned(), bytes: Some(1 << 40), ..NewPaper::default() };
    assert!(matches!(desk.bring_as(desk.world.clerk("root"), declared, PDF).await, Err(PaperError::TooLarge { .. })));
    let broken = stream::iter([Ok(Bytes::from_static(PDF)), Err(std::io::Error::other("the line broke"))]);
    let root = desk.world.clerk("root");
    let new = NewPaper { name: "断.pdf".to_owned(), ..NewPaper::default() };
    let error = desk.papers.bring(root, &desk.standing(root), &desk.meeting, new, broken).await.unwrap_err();
    assert!(error.to_string().contains("the line broke"), "{error}");
    assert_eq!((desk.files().len(), desk.titles("root").await.len()), (0, 0));
    for name in ["一.pdf", "二.pdf", "三.pdf"] {
        desk.bring(name, PDF).await.unwrap();
    }
    assert!(matches!(desk.bring("四.pdf", PDF).await, Err(PaperError::TooMany { most: 3 })));
    assert_eq!(desk.files().len(), 1, "the same file is kept once");
}

#[tokio::test]
async fn a_full_disk_is_told() {
    let desk = Desk::new().await;
    let options = PaperOptions { reserve_bytes: u64::MAX, ..desk.papers.0.options.clone() };
    let papers = Papers::new(desk.world.meetings.clone(), desk.world.fixture.folder(), options).unwrap();
    let root = desk.world.clerk("root");
    let file = stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(PDF))]);
    let new = NewPaper { name: "一.pdf".to_owned(), ..NewPaper::default() };
    assert!(matches!(papers.bring(root, &desk.standing(root), &desk.meeting, new, file).await, Err(PaperError::Full)));
    assert!(desk.files().is_empty());
}

#[tokio::test]
async fn papers_are_named_ordered_and_removed_by_who_may_and_the_log_has_it() {
    let desk = Desk::new().await;
    let (root, xihu) = (desk.world.clerk("root"), desk.world.clerk("xihu"));
    let one = desk.bring("一.pdf", PDF).await.unwrap();
    let word: &'static [u8] = Box::leak(archive(&["word/document.xml"]).into_boxed_slice());
    let two = desk.bring("二.docx", word).await.unwrap();
    assert_eq!(two.kind, PaperKind::Office);
    let standing = desk.standing(root);
    let patch = PaperPatch { title: Some("甲".to_owned()), point: Some(Some(0)) };
    assert_eq!(desk.papers.change(root, &standing, &desk.meeting, &one.id, patch).await.unwrap().point, Some(0));
    for wrong in [PaperPatch { point: Some(Some(1)), ..Default::default() }, PaperPatch { title: Some("长".repeat(201)), ..Default::default() }] {
        assert!(desk.papers.change(root, &standing, &desk.meeting, &one.id, wrong).await.is_err());
    }
    desk.papers.put_in_order(root, &standing, &desk.meeting, &[two.id.clone(), one.id.clone()]).await.unwrap();
    assert_eq!(desk.titles("root").await, ["二", "甲"]);
    for wrong in [vec![one.id.clone()], vec![one.id.clone(), one.id.clone()], vec![one.id.clone(), two.id.clone(), "none".into()]] {
        assert!(desk.papers.put_in_order(root, &standing, &desk.meeting, &wrong).await.is_err(), "{wrong:?}");
    }
    assert_eq!(desk.titles("root").await, ["二", "甲"], "what is refused changes nothing");
    desk.papers.distribute(root, &standing, &desk.meeting, None).await.unwrap();
    assert!(desk.papers.remove(xihu, &desk.standing(xihu), &desk.meeting, &one.id).await.is_err());
    assert!(desk.bring_as(xihu, NewPaper { name: "三.pdf".to_owned(), ..NewPaper::default() }, PDF).await.is_err());
    desk.papers.remove(root, &standing, &desk.meeting, &one.id).await.unwrap();
    assert_eq!((desk.titles("xihu").await, desk.files().len()), (vec!["二".to_owned()], 1));
    let filter = crate::org::AuditFilter { action: Some("paper.".to_owned()), ..Default::default() };
    let server = desk.world.fixture.org.as_server();
    let mut actions: Vec<String> = desk.world.fixture.org.audit(&server, filter, 100).await.unwrap().into_iter().map(|entry| entry.action).collect();
    actions.reverse();
    assert_eq!(actions, ["paper.bring", "paper.bring", "paper.change", "paper.order", "paper.distribute", "paper.distribute", "paper.remove"]);
}

#[tokio::test]
async fn a_venue_that_may_share_brings_its_own_and_shows_it() {
    let desk = Desk::new().await;
    let (xihu, yuhang) = (desk.world.clerk("xihu"), desk.world.clerk("yuhang"));
    let seat = |may_share| Seat { venue: site("xihu"), title: "西湖区".to_owned(), steers: false, may_share };
    let seated = |may_share| Standing::new(xihu, &desk.meeting, Some(seat(may_share))).unwrap();
    let bring = async |standing: &Standing| {
        let file = stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(PDF))]);
        desk.papers.bring(xihu, standing, &desk.meeting, NewPaper { name: "汇报.pdf".to_owned(), ..NewPaper::default() }, file).await
    };
    assert!(bring(&seated(false)).await.is_err(), "without the floor");
    let paper = bring(&seated(true)).await.unwrap();
    assert_eq!((paper.venue.as_ref(), paper.may_change), (Some(&site("xihu")), true));
    assert!(desk.titles("yuhang").await.is_empty());
    assert!(desk.papers.show(&yuhang.actor(), &desk.standing(yuhang), &desk.meeting, &paper.id).await.is_err(), "another's that is not distributed");
    desk.papers.show(&xihu.actor(), &seated(true), &desk.meeting, &paper.id).await.unwrap();
    assert_eq!(desk.titles("yuhang").await, ["汇报"], "what is shown is handed out");
    desk.papers.open(&seated(true), &desk.meeting.id, &paper.id).await.unwrap();
    let root = desk.world.clerk("root");
    let receipts = desk.papers.receipts(root, &desk.standing(root), &desk.meeting, &paper.id).await.unwrap();
    assert!(receipts.opened.is_empty() && !receipts.not_opened.iter().any(|one| one.venue == site("xihu")), "who brought it needs no receipt");
}

#[tokio::test]
async fn strangers_and_guests_read_by_a_seat_alone() {
    let desk = Desk::new().await;
    let anonymous = desk.world.fixture.anonymous("10.0.0.9").await;
    assert!(Standing::new(&anonymous, &desk.meeting, None).is_err());
    assert!(Standing::new(desk.world.clerk("ningbo"), &desk.meeting, None).is_err(), "not invited");
    let guest = Seat { venue: "guest:li".parse().unwrap(), title: "李工".to_owned(), steers: false, may_share: false };
    let standing = Standing::new(&anonymous, &desk.meeting, Some(guest)).unwrap();
    let paper = desk.bring("一.pdf", PDF).await.unwrap();
    assert!(desk.papers.open(&standing, &desk.meeting.id, &paper.id).await.is_err());
    let root = desk.world.clerk("root");
    desk.papers.distribute(root, &desk.standing(root), &desk.meeting, None).await.unwrap();
    desk.papers.open(&standing, &desk.meeting.id, &paper.id).await.unwrap();
    let receipts = desk.papers.receipts(root, &desk.standing(root), &desk.meeting, &paper.id).await.unwrap();
    assert_eq!(receipts.opened[0].title, "李工");
}

#[tokio::test]
async fn a_paper_of_a_series_is_brought_to_all_of_it_and_kept_once() {
    let desk = Desk::new().await;
    let repeat = Repeat { every: Every::Week { days: vec![DayOfWeek::Mon] }, until: None, count: Some(3) };
    let root = desk.world.clerk("root");
    let series = desk.world.meetings.create(root, NewMeeting { repeat: Some(repeat), ..new("root", "root", &["ningbo"], 5) }).await.unwrap();
    let standing = Standing::new(root, &series[1], None).unwrap();
    let file = stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(PDF))]);
    let new = NewPaper { name: "制度.pdf".to_owned(), scope: Scope::Following, ..NewPaper::default() };
    desk.papers.bring(root, &standing, &series[1], new, file).await.unwrap();
    let mut counts = vec![];
    for meeting in &series {
        counts.push(desk.papers.list(&standing, &meeting.id).await.unwrap().len());
    }
    assert_eq!((counts, desk.files().len()), (vec![0, 1, 1], 1));
    let of_second = desk.papers.list(&standing, &series[1].id).await.unwrap().remove(0);
    desk.papers.remove(root, &standing, &series[1], &of_second.id).await.unwrap();
    assert_eq!(desk.files().len(), 1, "the third still has it");
}

#[tokio::test]
async fn papers_go_when_they_were_kept_long_enough_and_leftovers_too() {
    let desk = Desk::new().await;
    desk.bring("一.pdf", PDF).await.unwrap();
    // A crash came between the file and its row.
    let lost = desk.papers.0.shelf.path(&"ab".repeat(32));
    std::fs::create_dir_all(lost.parent().unwrap()).unwrap();
    std::fs::write(&lost, PDF).unwrap();
    desk.papers.forget().await.unwrap();
    assert!(!lost.exists() && desk.files().len() == 1);
    desk.world.fixture.clock.advance_ms(desk.meeting.ends - crate::org::tests::NOON + 30 * 24 * HOUR);
    desk.papers.forget().await.unwrap();
    assert_eq!(desk.titles("root").await.len(), 1, "to the day");
    desk.world.fixture.clock.advance_ms(1_000);
    desk.papers.forget().await.unwrap();
    assert_eq!((desk.titles("root").await.len(), desk.files().len()), (0, 0));
    assert_eq!(me(desk.world.clerk("root")), desk.meeting.chair);
}
