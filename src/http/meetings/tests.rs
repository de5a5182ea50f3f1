//! The routes, as requests see them: every role against every route, and what problems say.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, FromRef};
use axum::http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use tower::ServiceExt;
use utoipa_axum::router::OpenApiRouter;

use crate::base::Zone;
use crate::document::Documents;
use crate::meeting::Meetings;
use crate::meeting::tests::{HOUR, MONDAY};
use crate::org::tests::{Fixture, PASSWORD};
use crate::org::{NewSite, Org, Role, includes};

#[derive(Clone, FromRef)]
struct State {
    org: Org,
    meetings: Meetings,
    documents: Documents,
}

struct Server {
    fixture: Fixture,
    meetings: Meetings,
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
        let state = State { org: fixture.org.clone(), meetings: meetings.clone(), documents: Documents::new("") };
        Self { fixture, meetings, router: router.with_state(state), described }
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
        let marks = ["{site}", "{person}", "{meeting}", "{group}", "{notice}"];
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
        if text.contains("{meeting}") || text.contains("{notice}") {
            let booked = json!({"unit": "here", "title": "x", "mode": "lecture", "starts": starts, "ends": starts + HOUR, "chair": person, "main": format!("site:{site}")});
            let meeting = self.meetings.create(&server, serde_json::from_value(booked).unwrap()).await.unwrap().remove(0);
            let asked = crate::meeting::NoticesQuery { unit: Some("here".into()), ..Default::default() };
            let notices = self.meetings.notices(&server, asked, 1000).await.unwrap();
            let notice = notices.iter().find(|notice| notice.meeting == meeting.id).unwrap();
            text = text.replace("{meeting}", meeting.id.as_str()).replace("{notice}", notice.id.as_str());
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
    SignIn,
    Holds(Role),
    Anywhere(Role),
    Either(Role, Role),
    /// It takes a role on the root.
    Nobody,
    /// Others are not even told that it is there.
    HoldsOrHidden(Role),
}

fn routes() -> Vec<(&'static str, &'static str, Needs, Option<Value>)> {
    use Needs::{Anywhere, Either, Holds, HoldsOrHidden, Nobody, SignIn};
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
        ("GET", "/notices", SignIn, None),
        ("POST", "/notices/{notice}/read", HoldsOrHidden(Role::Chair), None),
    ]
}

#[tokio::test]
async fn every_role_against_every_route() {
    let server = Server::new().await;
    let placeholders = |path: &str| path.replace("{meeting}", "{id}").replace("{group}", "{id}").replace("{notice}", "{id}").replace("?unit=here", "");
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
            let filled = server.fill(fresh, path).await;
            let (status, problem, text) = server.call(cookie.as_deref(), method, &filled, body.as_ref()).await;
            let holds = |asked: Role| role.is_some_and(|role| includes(role, asked));
            let elsewhere = |asked: Role| Role::ALL.into_iter().any(|held| *name == format!("{held}-there") && includes(held, asked));
            let allowed = match needs {
                Needs::SignIn => *signed_in,
                Needs::Holds(asked) | Needs::HoldsOrHidden(asked) => holds(asked),
                Needs::Either(one, other) => holds(one) || holds(other),
                Needs::Nobody => false,
                Needs::Anywhere(asked) => holds(asked) || elsewhere(asked),
            };
            let what = format!("{name}: {method} {path}: {status} {text}");
            match (allowed, signed_in) {
                (true, _) => assert!(status.is_success(), "{what}"),
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
