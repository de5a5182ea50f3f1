//! The routes, as requests see them: every role against every route, and what problems say.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, FromRef};
use axum::http::{Method, Request, StatusCode, header};
use bytes::Bytes;
use serde_json::{Value, json};
use tower::ServiceExt;
use utoipa_axum::router::OpenApiRouter;

use crate::base::Zone;
use crate::document::Documents;
use crate::meeting::Meetings;
use crate::meeting::live::Live;
use crate::meeting::papers::{NewPaper, PaperOptions, Papers, Standing};
use crate::meeting::stands::Stands;
use crate::meeting::tests::{HOUR, MONDAY};
use crate::org::tests::{Fixture, PASSWORD};
use crate::org::{NewSite, Org, Role, includes};

#[derive(Clone, FromRef)]
struct State {
    org: Org,
    meetings: Meetings,
    papers: Papers,
    stands: Stands,
    live: Option<Live>,
    documents: Documents,
}

struct Server {
    fixture: Fixture,
    meetings: Meetings,
    papers: Papers,
    stands: Stands,
    router: Router,
    described: Vec<(String, String)>,
}

impl Server {
    /// Two units, `here` and `there`, with a hall each.
    async fn new() -> Self {
        let fixture = Fixture::new().await;
        let zone = Zone::named("Asia/Shanghai").unwrap();
        let meetings = Meetings::new(fixture.store.clone(), fixture.org.clone(), Arc::new(fixture.clock.clone()), zone, None);
        let (router, api) = OpenApiRouter::new().merge(super::routes::<State>()).split_for_parts();
        let mut described = vec![];
        for (path, item) in api.paths.paths {
            let methods = [(item.get, "GET"), (item.post, "POST"), (item.patch, "PATCH"), (item.put, "PUT"), (item.delete, "DELETE")];
            described.extend(methods.into_iter().filter(|(operation, _)| operation.is_some()).map(|(_, method)| (method.to_owned(), path.clone())));
        }
        for unit in ["here", "there"] {
            fixture.unit(unit, "root").await;
        }
        let options = PaperOptions { most_bytes: 1 << 20, most_count: 1_000, kept: Duration::from_secs(86_400), reserve_bytes: 0 };
        let papers = Papers::new(meetings.clone(), fixture.folder(), options).unwrap();
        let segment = json!({"id": "of-here", "unit": "here", "range": "6xxxxxx", "cooling_days": 0});
        fixture.org.create_number_segment(&fixture.org.as_server(), serde_json::from_value(segment).unwrap()).await.unwrap();
        let stands = Stands::new(meetings.clone());
        let state = State {
            org: fixture.org.clone(),
            meetings: meetings.clone(),
            papers: papers.clone(),
            stands: stands.clone(),
            live: None,
            documents: Documents::new(""),
        };
        Self { fixture, meetings, papers, stands, router: router.with_state(state), described }
    }

    async fn call(&self, cookie: Option<&str>, method: &str, path: &str, body: Option<&Value>) -> (StatusCode, Value, String) {
        let mut request = Request::builder().method(method.parse::<Method>().unwrap()).uri(path).header(header::CONTENT_TYPE, "application/json");
        if let Some(cookie) = cookie {
            request = request.header(header::COOKIE, format!("yizhan_session={cookie}"));
        }
        let mut request = request.body(body.map_or(Body::empty(), |body| Body::from(body.to_string()))).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([10, 0, 0, 1], 40_000))));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let bytes = axum::body::to_bytes(response.into_body(), 16 << 20).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        (status, serde_json::from_str(&text).unwrap_or_default(), text)
    }

    async fn site(&self, id: &str, unit: &str, capacity_kbps: Option<i64>) {
        let new = NewSite {
            id: Some(id.to_owned()),
            unit: unit.into(),
            title: format!("会场 {id}"),
            capacity_kbps,
            media_share_percent: None,
            highest_rung: None,
            contact_name: None,
            contact_phone: None,
        };
        self.fixture.org.create_site(&self.fixture.org.as_server(), new).await.unwrap();
    }

    /// The text with its marks replaced by things made for it: a site, a person, a meeting with the site, a group, a notice of the unit `here`.
    async fn fill(&self, fresh: i64, text: &str) -> String {
        let server = self.fixture.org.as_server();
        let starts = MONDAY + fresh * 2 * HOUR;
        let mut text = text.replace("{fresh}", &fresh.to_string()).replace("\"{starts}\"", &starts.0.to_string());
        text = text.replace("\"{ends}\"", &(starts + HOUR).0.to_string());
        if text.contains("{code}") {
            text = text.replace("{code}", &self.stands.begin_pairing([10, 0, (fresh >> 8) as u8, fresh as u8].into(), "").unwrap().code);
        }
        if text.contains("{pairing}") {
            text = text.replace("{pairing}", &self.stands.begin_pairing([10, 1, (fresh >> 8) as u8, fresh as u8].into(), "").unwrap().secret);
        }
        let marks = ["{site}", "{person}", "{meeting}", "{group}", "{notice}", "{number}", "{link}", "{secret}", "{stand}", "{paper}"];
        if !marks.iter().any(|mark| text.contains(mark)) {
            return text;
        }
        let site = format!("site-{fresh}");
        if self.fixture.org.directory().site(&site.as_str().into()).is_none() {
            self.site(&site, "here", None).await;
            self.fixture.person(&format!("person-{fresh}"), "root", &[]).await;
        }
        let person = self.fixture.org.directory().person_named(&format!("person-{fresh}")).unwrap().id.to_string();
        text = text.replace("{site}", &site).replace("{person}", &person);
        if text.contains("{stand}") {
            let code = self.stands.begin_pairing([10, 2, (fresh >> 8) as u8, fresh as u8].into(), "").unwrap().code;
            let new = serde_json::from_value(json!({"code": code})).unwrap();
            text = text.replace("{stand}", self.stands.pair(&self.fixture.org.as_server(), &site.as_str().into(), new).await.unwrap().id.as_str());
        }
        if text.contains("{number}") {
            let new = serde_json::from_value(json!({"kind": "site", "id": site})).unwrap();
            text = text.replace("{number}", &self.fixture.org.give_number(&self.fixture.org.as_server(), new).await.unwrap().number);
        }
        if ["{meeting}", "{notice}", "{link}", "{secret}"].iter().any(|mark| text.contains(mark)) {
            let booked = json!({"unit": "here", "title": "x", "mode": "lecture", "starts": starts, "ends": starts + HOUR, "chair": person, "main": format!("site:{site}")});
            let meeting = self.meetings.create(&server, serde_json::from_value(booked).unwrap()).await.unwrap().remove(0);
            let asked = crate::meeting::NoticesQuery { unit: Some("here".into()), ..Default::default() };
            let notices = self.meetings.notices(&server, asked, 1000).await.unwrap();
            let notice = notices.iter().find(|notice| notice.meeting == meeting.id).unwrap();
            if text.contains("{paper}") {
                let standing = Standing::new(&server, &meeting, None).unwrap();
                let file = futures_util::stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"%PDF-1.7\n"))]);
                let new = NewPaper { name: "简报.pdf".to_owned(), ..NewPaper::default() };
                let paper = self.papers.bring(&server, &standing, &meeting, new, file).await.unwrap();
                self.papers.distribute(&server, &standing, &meeting, None).await.unwrap();
                text = text.replace("{paper}", paper.id.as_str());
            }
            text = text.replace("{meeting}", meeting.id.as_str()).replace("{notice}", notice.id.as_str());
            if text.contains("{link}") || text.contains("{secret}") {
                let new = serde_json::from_value(json!({"title": "设计院"})).unwrap();
                let made = self.meetings.create_guest_link(&server, &meeting.id, new).await.unwrap();
                let secret = made.path.trim_start_matches("/guest#");
                text = text.replace("{link}", made.about.id.as_str()).replace("{secret}", secret);
            }
        }
        if text.contains("{group}") {
            let new = json!({"unit": "here", "title": format!("group {fresh}"), "venues": [format!("site:{site}")]});
            let group = self.meetings.create_group(&server, serde_json::from_value(new).unwrap()).await.unwrap();
            text = text.replace("{group}", group.id.as_str());
        }
        text
    }
}

/// What a route asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Needs {
    Nothing,
    /// A computer that is paired; people are not.
    Pairing,
    /// One of these.
    Either(Role, Role),
    SignIn,
    Holds(Role),
    Anywhere(Role),
    /// It takes a role on the root.
    Nobody,
    /// Others are not even told that it is there.
    HoldsOrHidden(Role),
}

fn routes() -> Vec<(&'static str, &'static str, Needs, Option<Value>)> {
    use Needs::{Anywhere, Either, Holds, HoldsOrHidden, Nobody, Nothing, Pairing, SignIn};
    let runs_venue = Either(Role::Chair, Role::Operator);
    let chair = Holds(Role::Chair);
    let savings = Either(Role::Operator, Role::Auditor);
    let new = json!({"unit": "here", "title": "例会", "mode": "lecture", "starts": "{starts}", "ends": "{ends}", "chair": "{person}", "main": "site:{site}"});
    let now = json!({"unit": "here", "title": "碰头会", "mode": "discussion", "chair": "{person}", "main": "site:{site}"});
    vec![
        ("GET", "/meetings", SignIn, None),
        ("POST", "/meetings", chair, Some(new.clone())),
        ("POST", "/meetings/check", chair, Some(new)),
        ("POST", "/meetings/now", chair, Some(now)),
        ("GET", "/meetings/{meeting}", Holds(Role::Viewer), None),
        ("PATCH", "/meetings/{meeting}", chair, Some(json!({"title": "{fresh}"}))),
        ("POST", "/meetings/{meeting}/cancel", chair, Some(json!({}))),
        ("POST", "/meetings/{meeting}/reply", chair, Some(json!({"venue": "site:site-{fresh}", "reply": "accepted", "headcount": 3}))),
        ("GET", "/meetings/{meeting}/calendar.ics", Holds(Role::Viewer), None),
        ("GET", "/meetings/{meeting}/attendance", chair, None),
        ("GET", "/meetings/{meeting}/attendance.pdf", chair, None),
        ("GET", "/meetings/{meeting}/attendance.xlsx", chair, None),
        ("GET", "/meetings/{meeting}/quality", chair, None),
        ("GET", "/meetings/{meeting}/quality.pdf", chair, None),
        ("GET", "/meetings/{meeting}/quality.xlsx", chair, None),
        ("GET", "/meetings/{meeting}/minutes", chair, None),
        ("PUT", "/meetings/{meeting}/minutes", chair, Some(json!({"text": "# 纪要", "after": 0}))),
        ("GET", "/meetings/{meeting}/minutes.pdf", chair, None),
        ("GET", "/meetings/{meeting}/minutes.docx", chair, None),
        ("GET", "/savings?unit=here", savings, None),
        ("GET", "/savings.pdf?unit=here", savings, None),
        ("GET", "/savings.xlsx?unit=here", savings, None),
        // What holds for all is said by those above all.
        ("PUT", "/savings/rates", Nobody, Some(json!({"yuan": 200}))),
        ("GET", "/venue-groups", Anywhere(Role::Chair), None),
        ("POST", "/venue-groups", chair, Some(json!({"unit": "here", "title": "{fresh}", "venues": ["site:{site}"]}))),
        ("DELETE", "/venue-groups/{group}", chair, None),
        ("POST", "/meetings/by-number", SignIn, Some(json!({"number": "{number}"}))),
        ("GET", "/meetings/{meeting}/guest-links", chair, None),
        ("POST", "/meetings/{meeting}/guest-links", chair, Some(json!({"title": "设计院"}))),
        ("DELETE", "/meetings/{meeting}/guest-links/{link}", chair, None),
        ("POST", "/guest/look", Nothing, Some(json!({"link": "{secret}"}))),
        ("GET", "/sites/{site}/stands", runs_venue, None),
        ("POST", "/sites/{site}/stands", runs_venue, Some(json!({"code": "{code}"}))),
        ("PATCH", "/sites/{site}/answers", runs_venue, Some(json!({"answers": "by_hand"}))),
        ("DELETE", "/stands/{stand}", runs_venue, None),
        ("POST", "/stand/pairing", Nothing, Some(json!({"runs": "Chromium"}))),
        ("POST", "/stand/pairing/claim", Nothing, Some(json!({"secret": "{pairing}"}))),
        ("GET", "/stand", Pairing, None),
        ("POST", "/stand/report", Pairing, Some(json!({"runs": "Chromium"}))),
        ("GET", "/calls", SignIn, None),
        ("GET", "/notices", SignIn, None),
        ("POST", "/notices/{notice}/read", HoldsOrHidden(Role::Chair), None),
        ("GET", "/notices/unread", SignIn, None),
        ("POST", "/notices/read", chair, Some(json!({"unit": "here", "up_to": "zzzz"}))),
        ("GET", "/invitees", Anywhere(Role::Chair), None),
        ("POST", "/meetings/{meeting}/check", chair, Some(json!({"title": "{fresh}"}))),
        ("GET", "/meetings/{meeting}/papers", Holds(Role::Viewer), None),
        ("POST", "/meetings/{meeting}/papers", chair, Some(json!("%PDF-1.7"))),
        ("PUT", "/meetings/{meeting}/papers/order", chair, Some(json!({"papers": []}))),
        ("POST", "/meetings/{meeting}/papers/distribute", chair, Some(json!({}))),
        ("PATCH", "/meetings/{meeting}/papers/{paper}", chair, Some(json!({"title": "{fresh}"}))),
        ("DELETE", "/meetings/{meeting}/papers/{paper}", chair, None),
        ("GET", "/meetings/{meeting}/papers/{paper}/file", Holds(Role::Viewer), None),
        ("GET", "/meetings/{meeting}/papers/{paper}/receipts", chair, None),
    ]
}

#[tokio::test]
async fn every_role_against_every_route() {
    let server = Server::new().await;
    let placeholders = |path: &str| {
        ["{meeting}", "{group}", "{notice}", "{site}", "{stand}"].iter().fold(path.replace("?unit=here", ""), |path, mark| path.replace(mark, "{id}"))
    };
    let mut table: Vec<(String, String)> = routes().iter().map(|(method, path, ..)| ((*method).to_owned(), placeholders(path))).collect();
    let mut described = server.described.clone();
    table.sort();
    described.sort();
    assert_eq!(table, described, "this table has every route of the API, and the API every route of this table");

    let mut callers: Vec<(String, Option<Role>, bool)> = vec![("anonymous".to_owned(), None, false), ("nothing".to_owned(), None, true)];
    server.fixture.person("nothing", "root", &[]).await;
    for role in Role::ALL {
        for unit in ["here", "there"] {
            let name = format!("{role}-{unit}");
            server.fixture.person(&name, "root", &[(role, unit)]).await;
            callers.push((name, (unit == "here").then_some(role), true));
        }
    }
    let mut fresh = 0;
    for (name, role, signed_in) in &callers {
        let cookie = if *signed_in { Some(server.fixture.try_sign_in(name, PASSWORD).await.unwrap()) } else { None };
        for (method, path, needs, body) in routes() {
            fresh += 1;
            let body = match body {
                Some(body) => Some(serde_json::from_str(&server.fill(fresh, &body.to_string()).await).unwrap()),
                None => None,
            };
            let mut filled = server.fill(fresh, path).await;
            if (method, path) == ("POST", "/meetings/{meeting}/papers") {
                filled.push_str("?name=paper.pdf");
            }
            let (status, problem, text) = server.call(cookie.as_deref(), method, &filled, body.as_ref()).await;
            let holds = |asked: Role| role.is_some_and(|role| includes(role, asked));
            let elsewhere = |asked: Role| Role::ALL.into_iter().any(|held| *name == format!("{held}-there") && includes(held, asked));
            let allowed = match needs {
                Needs::Nothing => true,
                Needs::Pairing => false,
                Needs::Either(one, other) => holds(one) || holds(other),
                Needs::SignIn => *signed_in,
                Needs::Holds(asked) | Needs::HoldsOrHidden(asked) => holds(asked),
                Needs::Nobody => false,
                Needs::Anywhere(asked) => holds(asked) || elsewhere(asked),
            };
            let what = format!("{name}: {method} {path}: {status} {text}");
            match (allowed, signed_in) {
                (true, _) => assert!(status.is_success(), "{what}"),
                (false, _) if needs == Needs::Pairing => assert_eq!((status, &problem["code"]), (StatusCode::UNAUTHORIZED, &json!("not_paired")), "{what}"),
                (false, true) if matches!(needs, Needs::HoldsOrHidden(_)) => assert_eq!(status, StatusCode::NOT_FOUND, "{what}"),
                (false, true) => assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("forbidden")), "{what}"),
                (false, false) => assert_eq!((status, &problem["code"]), (StatusCode::UNAUTHORIZED, &json!("sign_in_needed")), "{what}"),
            }
        }
    }
}

#[tokio::test]
async fn problems_name_who_has_it_and_the_bottleneck() {
    let server = Server::new().await;
    server.site("hall", "here", None).await;
    server.site("county", "there", Some(2_000)).await;
    server.fixture.person("clerk", "root", &[(Role::Chair, "root")]).await;
    let cookie = server.fixture.try_sign_in("clerk", PASSWORD).await.unwrap();
    let call = async |method: &str, path: &str, body: Value| server.call(Some(&cookie), method, path, Some(&body)).await;
    let new = |hours: i64, more: Value| {
        let starts = MONDAY + hours * HOUR;
        let mut body = json!({"unit": "root", "title": "例会", "mode": "lecture", "starts": starts, "ends": starts + HOUR, "main": "site:hall", "branches": ["site:county"]});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let (status, problem, _) = call("POST", "/meetings", new(0, json!({"picture": "1080p"}))).await;
    let detail = problem["detail"].as_str().unwrap();
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("line")));
    assert!(detail.contains("会场 county") && detail.contains("480p") && detail.contains("bottleneck"), "{detail}");
    let repeat = json!({"repeat": {"every": {"on": "week", "days": ["mon"]}, "until": "2026-12-07"}});
    let (status, booked, text) = call("POST", "/meetings", new(0, repeat)).await;
    assert_eq!((status, booked["items"].as_array().map(Vec::len)), (StatusCode::CREATED, Some(3)), "{text}");
    assert_eq!(booked["items"][0]["picture"], "480p");
    let (status, problem, _) = call("POST", "/meetings", new(0, json!({}))).await;
    assert!(status == StatusCode::CONFLICT && problem["code"] == "busy" && problem["detail"].as_str().unwrap().contains("clerk"), "{problem}");
    let (status, check, _) = call("POST", "/meetings/check", new(0, json!({}))).await;
    assert_eq!((status, &check["fits"], check["occurrences"][0]["busy"].as_array().map(Vec::len)), (StatusCode::OK, &json!(false), Some(3)));
    for wrong in [
        json!({"colour": 1}),
        json!({"repeat": {"every": {"on": "week", "days": ["mon"], "x": 1}, "count": 2}}),
        json!({"main": "hall"}),
        json!({"picture": "4k"}),
    ] {
        let (status, problem, text) = call("POST", "/meetings", new(9, wrong)).await;
        assert_eq!((status, &problem["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("body")), "{text}");
    }
    let range = format!("/meetings?from={}&to={}&limit=2", MONDAY.0, (MONDAY + 30 * 24 * HOUR).0);
    let (_, one, _) = server.call(Some(&cookie), "GET", &range, None).await;
    assert_eq!(one["items"].as_array().map(Vec::len), Some(2));
    let (_, two, _) = server.call(Some(&cookie), "GET", &format!("{range}&cursor={}", one["next"].as_str().unwrap()), None).await;
    assert_eq!((two["items"].as_array().map(Vec::len), &two["next"]), (Some(1), &Value::Null));
    let (status, _, _) = server.call(Some(&cookie), "GET", &format!("{range}&cursor=x"), None).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let id = booked["items"][0]["id"].as_str().unwrap();
    let (status, _, ics) = server.call(Some(&cookie), "GET", &format!("/meetings/{id}/calendar.ics"), None).await;
    assert!(status == StatusCode::OK && ics.starts_with("BEGIN:VCALENDAR\r\n"), "{ics}");
    assert_eq!(server.call(Some(&cookie), "GET", "/meetings/none", None).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_paper_comes_in_parts_under_its_name_and_can_run_nothing() {
    let server = Server::new().await;
    server.site("hall", "here", None).await;
    server.fixture.person("clerk", "root", &[(Role::Chair, "root")]).await;
    let cookie = server.fixture.try_sign_in("clerk", PASSWORD).await.unwrap();
    let new = json!({"unit": "root", "title": "例会", "mode": "lecture", "starts": MONDAY, "ends": MONDAY + HOUR, "main": "site:hall"});
    let (_, booked, text) = server.call(Some(&cookie), "POST", "/meetings", Some(&new)).await;
    let id = booked["items"][0]["id"].as_str().unwrap_or_else(|| panic!("{text}"));
    let ask = async |method: &str, path: String, range: Option<&str>, body: &'static [u8]| {
        let mut request = Request::builder().method(method.parse::<Method>().unwrap()).uri(path).header(header::COOKIE, format!("yizhan_session={cookie}"));
        if let Some(range) = range {
            request = request.header(header::RANGE, range);
        }
        let mut request = request.body(Body::from(body)).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([10, 0, 0, 1], 40_000))));
        let response = server.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        (head.status, head.headers, axum::body::to_bytes(body, 16 << 20).await.unwrap())
    };
    let papers = format!("/meetings/{id}/papers");
    for (body, expected) in [
        (&b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"[..], StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (b"", StatusCode::UNPROCESSABLE_ENTITY),
        (&[b'%'; (1 << 20) + 1], StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        assert_eq!(ask("POST", format!("{papers}?name=x.pdf"), None, body).await.0, expected);
    }
    // A picture by the name of a page.
    let (status, _, body) = ask("POST", format!("{papers}?name=%E7%AE%80%E6%8A%A5.html"), None, b"\x89PNG\r\n\x1a\n0123456789").await;
    assert_eq!(status, StatusCode::CREATED);
    let paper: Value = serde_json::from_slice(&body).unwrap();
    let file = format!("{papers}/{}/file", paper["id"].as_str().unwrap());
    let (status, headers, body) = ask("GET", file.clone(), Some("bytes=8-11"), b"").await;
    assert_eq!((status, &body[..]), (StatusCode::PARTIAL_CONTENT, &b"0123"[..]));
    let said = |name: header::HeaderName| headers[name].to_str().unwrap().to_owned();
    assert_eq!((said(header::CONTENT_TYPE).as_str(), said(header::X_CONTENT_TYPE_OPTIONS).as_str()), ("image/png", "nosniff"));
    assert!(said(header::CONTENT_SECURITY_POLICY).starts_with("sandbox; default-src 'none'") && said(header::CACHE_CONTROL).contains("no-cache"));
    assert_eq!(said(header::CONTENT_DISPOSITION), "inline; filename=\"__.html.png\"; filename*=UTF-8''%E7%AE%80%E6%8A%A5.html.png");
    let (_, headers, _) = ask("GET", format!("{file}?save=true"), None, b"").await;
    assert!(headers[header::CONTENT_DISPOSITION].to_str().unwrap().starts_with("attachment; "));
    assert_eq!(ask("GET", format!("{papers}/none/file"), None, b"").await.0, StatusCode::NOT_FOUND);
    assert_eq!(ask("GET", format!("/meetings/none/papers/{}/file", paper["id"].as_str().unwrap()), None, b"").await.0, StatusCode::NOT_FOUND);
}
