//! The routes, as requests see them: every role against every route, cookies, other sites, tables.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use serde_json::{Value, json};
use tower::ServiceExt;
use utoipa_axum::router::OpenApiRouter;

use crate::http::OverTls;
use crate::org::tests::{Fixture, PASSWORD, options};
use crate::org::{Caller, NewGrant, NewPerson, NewSite, NewToken, Org, Role};

struct Server {
    fixture: Fixture,
    router: Router,
    /// Method and path of everything that the API's description has.
    described: Vec<(Method, String)>,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    fn code(&self) -> String {
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json", "{}", self.text);
        self.json()["code"].as_str().unwrap().to_owned()
    }
}

impl Server {
    async fn new() -> Self {
        let fixture = Fixture::with(options()).await;
        let (router, api) = OpenApiRouter::new().merge(crate::http::session::routes::<Org>()).merge(super::routes::<Org>()).split_for_parts();
        let mut described = vec![];
        for (path, item) in api.paths.paths {
            let methods =
                [(item.get, Method::GET), (item.post, Method::POST), (item.patch, Method::PATCH), (item.put, Method::PUT), (item.delete, Method::DELETE)];
            described.extend(methods.into_iter().filter(|(operation, _)| operation.is_some()).map(|(_, method)| (method, path.clone())));
        }
        Self { router: router.with_state(fixture.org.clone()), fixture, described }
    }

    async fn send(&self, request: axum::http::request::Builder, body: &str) -> Answer {
        let mut request: Request<Body> = request.body(Body::from(body.to_owned())).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([10, 0, 0, 1], 40_000))));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = axum::body::to_bytes(response.into_body(), 16 << 20).await.unwrap();
        Answer { status, headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    async fn call(&self, cookie: Option<&str>, method: Method, path: &str, body: Option<Value>) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, "application/json");
        if let Some(cookie) = cookie {
            request = request.header(header::COOKIE, cookie);
        }
        self.send(request, &body.map_or(String::new(), |body| body.to_string())).await
    }

    /// The cookie, as a browser would send it back.
    async fn sign_in(&self, name: &str) -> String {
        let answer = self.call(None, Method::POST, "/session", Some(json!({"name": name, "password": PASSWORD}))).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
        format!("other=1; {}", cookie.split(';').next().unwrap())
    }
}

/// What a route asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Needs {
    Nothing,
    SignIn,
    Administrator,
    Auditor,
    AdministratorOrAuditor,
}

/// Every route, with a body that is right; `{…}` are things of the unit `here`, made afresh for each request.
fn routes() -> Vec<(Method, &'static str, Needs, Option<Value>)> {
    use Needs::*;
    let unit = json!({"parent": "here", "kind": "department", "title": "{fresh}"});
    vec![
        (Method::GET, "/session", Nothing, None),
        (Method::POST, "/session", Nothing, Some(json!({"name": "nobody", "password": "x"}))),
        (Method::PATCH, "/session", SignIn, Some(json!({"email": "li@gov.example"}))),
        (Method::POST, "/session/password", SignIn, Some(json!({"old": PASSWORD, "new": PASSWORD}))),
        (Method::GET, "/units", SignIn, None),
        (Method::POST, "/units", Administrator, Some(unit)),
        (Method::GET, "/units/{unit}", SignIn, None),
        (Method::PATCH, "/units/{unit}", Administrator, Some(json!({"level": "{fresh}"}))),
        (Method::DELETE, "/units/{unit}", Administrator, None),
        (Method::GET, "/sites", SignIn, None),
        (Method::POST, "/sites", Administrator, Some(json!({"unit": "here", "title": "{fresh}"}))),
        (Method::GET, "/sites/{site}", SignIn, None),
        (Method::PATCH, "/sites/{site}", Administrator, Some(json!({"capacity_kbps": 4000, "highest_rung": null}))),
        (Method::DELETE, "/sites/{site}", Administrator, None),
        (Method::GET, "/number-segments", SignIn, None),
        (Method::POST, "/number-segments", Administrator, Some(json!({"parent": "of-here", "unit": "here", "range": "61{code}"}))),
        (Method::PATCH, "/number-segments/{segment}", Administrator, Some(json!({"title": "{fresh}", "range": "61{code}"}))),
        (Method::DELETE, "/number-segments/{segment}", Administrator, None),
        (Method::GET, "/number-segments/{segment}/use", SignIn, None),
        (Method::GET, "/numbers", SignIn, None),
        (Method::POST, "/numbers", Administrator, Some(json!({"kind": "site", "id": "{site}"}))),
        (Method::DELETE, "/numbers/{number}", Administrator, None),
        (Method::POST, "/numbers/{number}/renumber", Administrator, Some(json!({}))),
        (Method::GET, "/people", AdministratorOrAuditor, None),
        (Method::POST, "/people", Administrator, Some(json!({"name": "{fresh}", "unit": "here"}))),
        (Method::GET, "/people/{person}", AdministratorOrAuditor, None),
        (Method::PATCH, "/people/{person}", Administrator, Some(json!({"display_name": "{fresh}"}))),
        (Method::DELETE, "/people/{person}", Administrator, None),
        (Method::POST, "/people/{person}/password", Administrator, Some(json!({"password": PASSWORD}))),
        (Method::GET, "/grants", SignIn, None),
        (Method::POST, "/grants", Administrator, Some(json!({"person": "{person}", "role": "chair", "unit": "here"}))),
        (Method::DELETE, "/grants/{grant}", Administrator, None),
        (Method::GET, "/tokens", SignIn, None),
        (Method::POST, "/tokens", SignIn, Some(json!({"name": "{fresh}", "roles": []}))),
        (Method::DELETE, "/tokens/{token}", Administrator, None),
        (Method::GET, "/org/export/{file}", SignIn, None),
        (Method::POST, "/org/import/{table}", Administrator, None),
        (Method::GET, "/audit", Auditor, None),
        (Method::GET, "/audit.csv", Auditor, None),
        (Method::DELETE, "/session", Nothing, None),
    ]
}

/// The text with its marks replaced by things made for it: a unit, a site, a person, a grant, a token.
async fn fill(server: &Server, owner: &Caller, fresh: &str, text: &str) -> String {
    let (org, by) = (&server.fixture.org, server.fixture.org.as_server());
    let mut text = text.replace("{fresh}", fresh).replace("{file}", "units.csv").replace("{table}", "units");
    if text.contains("{unit}") {
        let unit = server.fixture.unit(&format!("unit-{fresh}"), "here").await;
        text = text.replace("{unit}", unit.id.as_str());
    }
    if text.contains("{site}") {
        let site = NewSite {
            id: None,
            unit: "here".into(),
            title: format!("site {fresh}"),
            capacity_kbps: None,
            media_share_percent: None,
            highest_rung: None,
            contact_name: None,
            contact_phone: None,
        };
        text = text.replace("{site}", org.create_site(&by, site).await.unwrap().id.as_str());
    }
    let code = format!("{:0>5}", fresh);
    text = text.replace("{code}", &code);
    if text.contains("{segment}") {
        let segment = json!({"parent": "of-here", "unit": "here", "range": format!("61{code}")});
        let segment = org.create_number_segment(&by, serde_json::from_value(segment).unwrap()).await.unwrap();
        text = text.replace("{segment}", segment.id.as_str());
    }
    if text.contains("{number}") {
        let site = NewSite {
            id: None,
            unit: "here".into(),
            title: format!("numbered {fresh}"),
            capacity_kbps: None,
            media_share_percent: None,
            highest_rung: None,
            contact_name: None,
            contact_phone: None,
        };
        let site = org.create_site(&by, site).await.unwrap().id;
        let given = org.give_number(&by, serde_json::from_value(json!({"kind": "site", "id": site, "segment": "of-here"})).unwrap()).await.unwrap();
        text = text.replace("{number}", &given.number);
    }
    if text.contains("{person}") || text.contains("{grant}") {
        let person = NewPerson { name: format!("person-{fresh}"), display_name: None, unit: "here".into(), disabled: false, password: None };
        let person = org.create_person(&by, person).await.unwrap();
        let grant = org.create_grant(&by, NewGrant { person: person.id.clone(), role: Role::Viewer, unit: "here".into() }).await.unwrap();
        text = text.replace("{person}", person.id.as_str()).replace("{grant}", grant.id.as_str());
    }
    if text.contains("{token}") {
        let token = org.create_token(owner, NewToken { name: fresh.to_owned(), roles: vec![], expires: None }).await.unwrap();
        text = text.replace("{token}", token.about.id.as_str());
    }
    text
}

#[tokio::test]
async fn every_role_against_every_route() {
    let server = Server::new().await;
    let mut table: Vec<(String, String)> = routes().iter().map(|(method, path, ..)| (method.to_string(), (*path).to_owned())).collect();
    let placeholders = |path: &str| {
        path.replace("{unit}", "{id}")
            .replace("{segment}", "{id}")
            .replace("{site}", "{id}")
            .replace("{person}", "{id}")
            .replace("{grant}", "{id}")
            .replace("{token}", "{id}")
    };
    table.iter_mut().for_each(|(_, path)| *path = placeholders(path));
    let mut described: Vec<(String, String)> = server.described.iter().map(|(method, path)| (method.to_string(), path.clone())).collect();
    table.sort();
    described.sort();
    assert_eq!(table, described, "this table has every route of the API, and the API every route of this table");

    for (unit, parent) in [("here", "root"), ("there", "root")] {
        server.fixture.unit(unit, parent).await;
    }
    let segment = json!({"id": "of-here", "unit": "here", "range": "6xxxxxx", "cooling_days": 0});
    let by = server.fixture.org.as_server();
    server.fixture.org.create_number_segment(&by, serde_json::from_value(segment).unwrap()).await.unwrap();
    server.fixture.person("owner", "here", &[]).await;
    let owner = server.fixture.sign_in("owner").await;
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
        let cookie = if *signed_in { Some(server.sign_in(name).await) } else { None };
        for (method, path, needs, body) in routes() {
            fresh += 1;
            let fresh = fresh.to_string();
            let body = match body {
                Some(body) => Some(serde_json::from_str(&fill(&server, &owner, &fresh, &body.to_string()).await).unwrap()),
                None => None,
            };
            let filled = fill(&server, &owner, &fresh, path).await;
            let answer = server.call(cookie.as_deref(), method.clone(), &filled, body).await;
            // A list of what one administers or audits anywhere; the holders of a role elsewhere get theirs.
            let anywhere = (&method, path) == (&Method::GET, "/people") || path.starts_with("/org/import") || path.starts_with("/audit");
            let holds = |asked: Role| role.is_some_and(|role| crate::org::includes(role, asked)) || (anywhere && *name == format!("{asked}-there"));
            let allowed = match needs {
                Needs::Nothing => true,
                Needs::SignIn => *signed_in,
                Needs::Administrator => holds(Role::Administrator),
                Needs::Auditor => holds(Role::Auditor),
                Needs::AdministratorOrAuditor => holds(Role::Administrator) || holds(Role::Auditor),
            };
            let what = format!("{name}: {method} {path}: {} {}", answer.status, answer.text);
            match (allowed, signed_in) {
                (true, _) if (method.as_str(), path) == ("POST", "/session") => assert!([401, 429].contains(&answer.status.as_u16()), "{what}"),
                (true, _) => assert!(answer.status.is_success(), "{what}"),
                (false, true) => assert_eq!((answer.status, answer.code().as_str()), (StatusCode::FORBIDDEN, "forbidden"), "{what}"),
                (false, false) => assert_eq!((answer.status, answer.code().as_str()), (StatusCode::UNAUTHORIZED, "sign_in_needed"), "{what}"),
            }
        }
    }
}

#[tokio::test]
async fn signing_in_and_out() {
    let server = Server::new().await;
    server.fixture.unit("a", "root").await;
    server.fixture.person("zhang", "a", &[(Role::Operator, "a")]).await;
    let me = server.call(None, Method::GET, "/session", None).await.json();
    assert_eq!(
        me,
        json!({"person": null, "network": null, "roles": [], "may": {"operate": false, "edit": false, "administer": false, "audit": false}, "highest_rung": null})
    );

    let body = json!({"name": "zhang", "password": PASSWORD}).to_string();
    let post = || Request::builder().method(Method::POST).uri("/session").header(header::CONTENT_TYPE, "application/json");
    let answer = server.send(post(), &body).await;
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.starts_with("yizhan_session=") && cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Max-Age=43200"), "{cookie}");
    let me = answer.json();
    assert_eq!(
        (&me["person"]["name"], &me["roles"][0]["unit_title"], &me["may"]["edit"], &me["may"]["audit"]),
        (&json!("zhang"), &json!("a 区"), &json!(true), &json!(false))
    );
    let over_tls = server.send(post().extension(OverTls), &body).await;
    assert!(over_tls.headers[header::SET_COOKIE].to_str().unwrap().ends_with("; Secure"));

    let cookie = cookie.split(';').next().unwrap().to_owned();
    assert_eq!(server.call(Some(&cookie), Method::GET, "/session", None).await.json()["person"]["name"], "zhang");
    // Signing in again leaves no session behind.
    let again = server.send(post().header(header::COOKIE, &cookie), &body).await;
    assert_eq!(server.call(Some(&cookie), Method::GET, "/session", None).await.json()["person"], Value::Null);
    let cookie = again.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    let out = server.call(Some(&cookie), Method::DELETE, "/session", None).await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    assert!(out.headers[header::SET_COOKIE].to_str().unwrap().contains("Max-Age=0"));
    assert_eq!(server.call(Some(&cookie), Method::GET, "/session", None).await.json()["person"], Value::Null);
}

#[tokio::test]
async fn refusals_say_why_in_both_languages_and_when_to_come_again() {
    let server = Server::new().await;
    server.fixture.person("zhang", "root", &[]).await;
    let wrong = || server.call(None, Method::POST, "/session", Some(json!({"name": "zhang", "password": "wrong"})));
    let answer = wrong().await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::UNAUTHORIZED, "wrong_password"));
    assert!(answer.text.contains("密码") && answer.text.contains("password"), "{}", answer.text);
    for _ in 0..3 {
        wrong().await;
    }
    let locked = wrong().await;
    assert_eq!((locked.status, locked.code().as_str()), (StatusCode::TOO_MANY_REQUESTS, "locked"));
    assert_eq!(locked.headers[header::RETRY_AFTER], "900");

    let body = |text: &'static str| server.send(Request::builder().method(Method::POST).uri("/session").header(header::CONTENT_TYPE, "application/json"), text);
    for bad in ["", "{", "{\"name\": 1}", "{\"name\": \"a\", \"password\": \"b\", \"passwort\": \"c\"}"] {
        assert_eq!(body(bad).await.code(), "body", "{bad}");
    }
    assert_eq!(server.call(None, Method::GET, "/people?limit=many", None).await.code(), "query");
}

#[tokio::test]
async fn pages_of_other_sites_change_nothing() {
    let server = Server::new().await;
    server.fixture.person("admin", "root", &[(Role::Administrator, "root")]).await;
    let cookie = server.sign_in("admin").await;
    let unit = |at: usize| json!({"parent": "root", "kind": "body", "title": format!("单位{at}")}).to_string();
    let cases = [
        ("no browser", vec![], true),
        ("our page", vec![("sec-fetch-site", "same-origin"), ("origin", "https://tv.gov.example")], true),
        ("our page, old browser", vec![("origin", "https://TV.gov.example"), ("host", "tv.gov.example")], true),
        ("another port", vec![("origin", "https://tv.gov.example:8443"), ("host", "tv.gov.example")], false),
        ("another site", vec![("sec-fetch-site", "cross-site")], false),
        ("a sister site", vec![("sec-fetch-site", "same-site")], false),
        ("another site, old browser", vec![("origin", "https://evil.example"), ("host", "tv.gov.example")], false),
        ("a sandboxed frame", vec![("origin", "null"), ("host", "tv.gov.example")], false),
    ];
    for (at, (who, headers, allowed)) in cases.into_iter().enumerate() {
        let request = |uri: &str, method: Method| {
            let request = Request::builder().method(method).uri(uri).header(header::CONTENT_TYPE, "application/json").header(header::COOKIE, &cookie);
            headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))
        };
        let answer = server.send(request("/units", Method::POST), &unit(at)).await;
        assert_eq!(answer.status.is_success(), allowed, "{who}: {}", answer.text);
        if !allowed {
            assert_eq!(answer.code(), "other_site");
        }
        // Looking is allowed: the browser does not let the other page read it.
        assert!(server.send(request("/units", Method::GET), "").await.status.is_success());
    }
    // Nor do they sign anybody in, who has no cookie yet.
    let request =
        Request::builder().method(Method::POST).uri("/session").header(header::CONTENT_TYPE, "application/json").header("sec-fetch-site", "cross-site");
    assert_eq!(server.send(request, &json!({"name": "admin", "password": PASSWORD}).to_string()).await.code(), "other_site");
}

#[tokio::test]
async fn programs_come_with_tokens() {
    let server = Server::new().await;
    server.fixture.person("admin", "root", &[(Role::Administrator, "root")]).await;
    let cookie = server.sign_in("admin").await;
    let made = server
        .call(Some(&cookie), Method::POST, "/tokens", Some(json!({"name": "导入程序", "roles": [{"role": "administrator", "unit": "root"}]})))
        .await
        .json();
    assert_eq!(made["name"], "导入程序");
    let token = made["token"].as_str().unwrap();
    let with = |authorization: String, method: Method, uri: &str| {
        Request::builder().method(method).uri(uri).header(header::CONTENT_TYPE, "application/json").header(header::AUTHORIZATION, authorization)
    };
    let unit = json!({"parent": "root", "kind": "body", "title": "办公厅"}).to_string();
    // A token travels in no cookie, so other sites' pages do not have it.
    let answer = server.send(with(format!("Bearer {token}"), Method::POST, "/units").header("sec-fetch-site", "cross-site"), &unit).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    assert_eq!(server.send(with(format!("bearer {token}0"), Method::GET, "/units"), "").await.code(), "bad_token");
    assert_eq!(server.send(with("Basic YWRtaW46".to_owned(), Method::GET, "/session"), "").await.code(), "bad_token");
    assert_eq!(server.send(with(format!("Bearer {token}"), Method::POST, "/tokens"), "{\"name\": \"x\", \"roles\": []}").await.code(), "person_needed");
    let listed = server.call(Some(&cookie), Method::GET, "/tokens", None).await;
    assert!(!listed.text.contains(token) && !listed.text.contains("hash"), "{}", listed.text);
    assert!(listed.json()["items"][0]["last_used"].is_i64());
}

#[tokio::test]
async fn lists_come_in_pages() {
    let server = Server::new().await;
    server.fixture.person("admin", "root", &[(Role::Administrator, "root"), (Role::Auditor, "root")]).await;
    for at in 0..5 {
        server.fixture.person(&format!("p{at}"), "root", &[]).await;
    }
    let cookie = server.sign_in("admin").await;
    let get = async |path: &str| server.call(Some(&cookie), Method::GET, path, None).await.json();
    let one = get("/people?limit=4").await;
    let names = |page: &Value| page["items"].as_array().unwrap().iter().map(|person| person["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!((names(&one), &one["next"]), (["admin", "p0", "p1", "p2"].map(str::to_owned).to_vec(), &json!("p2")));
    let two = get("/people?limit=4&cursor=p2").await;
    assert_eq!((names(&two), &two["next"]), (["p3", "p4"].map(str::to_owned).to_vec(), &Value::Null));
    assert_eq!(names(&get("/people?q=P3").await), ["p3"]);

    let newest = get("/audit?limit=2").await;
    assert_eq!(newest["items"][0]["action"], "session.create");
    let older = get(&format!("/audit?limit=1000&action=person.&cursor={}", newest["next"].as_str().unwrap())).await;
    assert!(older["items"].as_array().unwrap().len() >= 5 && older["next"].is_null());
    assert_eq!(server.call(Some(&cookie), Method::GET, "/audit?cursor=x", None).await.code(), "bad_cursor");
    let table = server.call(Some(&cookie), Method::GET, "/audit.csv?action=person.create", None).await;
    assert_eq!(table.text.lines().count(), 7, "{}", table.text);
    assert!(table.text.starts_with("\u{FEFF}序号,时间"), "{}", table.text);
}

#[tokio::test]
async fn tables_go_out_and_come_in() {
    let server = Server::new().await;
    server.fixture.person("admin", "root", &[(Role::Administrator, "root")]).await;
    let cookie = server.sign_in("admin").await;
    let import = |path: &'static str, text: String| {
        let request = Request::builder().method(Method::POST).uri(path).header(header::CONTENT_TYPE, "text/csv").header(header::COOKIE, cookie.clone());
        let server = &server;
        async move { server.send(request, &text).await }
    };
    let table = "名称,上级\n山东省,\n济南市,山东省\n".to_owned();
    let dry = import("/org/import/units?dry_run=true", table.clone()).await.json();
    assert_eq!(dry, json!({"created": 2, "updated": 0, "unchanged": 0, "errors": [], "applied": false}));
    assert_eq!(import("/org/import/units", table).await.json()["applied"], true);
    let out = server.call(Some(&cookie), Method::GET, "/org/export/units.csv", None).await;
    assert_eq!(out.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    assert_eq!(import("/org/import/units", out.text).await.json()["unchanged"], 3);
    let wrong = import("/org/import/units", "名称,上级\n历下区,没有的市\n".to_owned()).await.json();
    assert_eq!((&wrong["errors"][0]["line"], &wrong["applied"]), (&json!(2), &json!(false)));
    for path in ["/org/export/units", "/org/export/rooms.csv"] {
        assert_eq!(server.call(Some(&cookie), Method::GET, path, None).await.code(), "not_found", "{path}");
    }
    let huge = import("/org/import/people", "名".repeat(6 << 20)).await;
    assert_eq!((huge.status, huge.code().as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "bad_body"));
}
