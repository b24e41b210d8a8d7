//! A party that answers what an input says, over real HTTP on loopback, to the real clients.
//!
//! The input begins with a line `WHAT STATUS`, perhaps with one header, `orders 429 retry-after: 5`; then come the body
//! and, after lines of `---`, the bodies of further answers. The last one is repeated for ever.

use super::{split_line, world::run};
use axum::{
    Router,
    body::Body,
    extract::State,
    http::{HeaderName, HeaderValue, Response, Uri},
};
use serde_json::{Map, Value};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::TcpListener;

/// What parts the bodies of an input.
pub(super) const NEXT: &[u8] = b"\n---\n";

/// The headers that an input may set; any other could only break HTTP itself, and a value that none can have is none.
const HEADERS: [&str; 2] = ["retry-after", "date"];

/// What an input says.
#[derive(Debug, Clone)]
pub(super) struct Told<'a> {
    /// What is asked.
    pub(super) what: &'a str,
    /// The status of every answer.
    pub(super) status: u16,
    header: Option<(HeaderName, HeaderValue)>,
    /// The bodies in their order, at least one.
    pub(super) bodies: Vec<&'a [u8]>,
}

impl<'a> Told<'a> {
    /// Reads an input; none if its first line says nothing that can be answered.
    pub(super) fn read(data: &'a [u8]) -> Option<Self> {
        let (line, mut rest) = split_line(data)?;
        let mut words = line.splitn(3, ' ');
        let what = words.next()?;
        let status = words.next()?.parse().ok().filter(|status| (200..600).contains(status))?;
        let header = words.next().and_then(|text| text.split_once(": "));
        let header = header.filter(|(name, _)| HEADERS.contains(name));
        let header = header.and_then(|(name, value)| Some((name.parse().ok()?, value.parse().ok()?)));
        let mut bodies = Vec::new();
        while let Some(at) = rest.windows(NEXT.len()).position(|window| window == NEXT) {
            bodies.push(&rest[..at]);
            rest = &rest[at + NEXT.len()..];
        }
        bodies.push(rest);
        Some(Self { what, status, header, bodies })
    }

    /// Whether the answers are successes.
    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The answers that are JSON objects.
    pub(super) fn objects(&self) -> Vec<Map<String, Value>> {
        self.bodies.iter().filter_map(|body| serde_json::from_slice(body).ok()).collect()
    }

    /// The rows of all answers, wherever in them.
    pub(super) fn rows(&self) -> Vec<Value> {
        let lists = self.objects().into_iter().flat_map(|object| object.into_iter().map(|(_, value)| value));
        lists.filter_map(|value| value.as_array().cloned()).flatten().collect()
    }
}

/// One answer, as the server gives it.
#[derive(Debug, Clone)]
struct Reply {
    status: u16,
    header: Option<(HeaderName, HeaderValue)>,
    body: Vec<u8>,
}

#[derive(Debug, Default)]
struct Script {
    token: Option<Reply>,
    replies: Vec<Reply>,
    asked: usize,
}

/// A running party.
#[derive(Debug, Clone)]
pub(super) struct Party {
    script: Arc<Mutex<Script>>,
    /// Where it listens.
    pub(super) url: String,
}

impl Party {
    /// Starts on this thread's runtime.
    pub(super) fn start() -> Self {
        let script = Arc::<Mutex<Script>>::default();
        let url = run(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            let url = format!("http://{}", listener.local_addr().expect("an address"));
            let app = Router::new().fallback(answer).with_state(Arc::clone(&script));
            tokio::spawn(axum::serve(listener, app).into_future());
            url
        });
        Self { script, url }
    }

    /// Answers everything as told, and the till's tokens so that they work, unless it is they that are told.
    pub(super) fn answer_with(&self, told: &Told<'_>) {
        let has_body = !matches!(told.status, 204 | 205 | 304);
        let reply = |body: &&[u8]| Reply {
            status: told.status,
            header: told.header.clone(),
            body: if has_body { body.to_vec() } else { Vec::new() },
        };
        let replies: Vec<Reply> = told.bodies.iter().map(reply).collect();
        let good = Reply { status: 200, header: None, body: br#"{"access_token":"t","expires_in":3600}"#.to_vec() };
        let token = if told.what == "token" { replies[0].clone() } else { good };
        *self.script.lock().unwrap_or_else(PoisonError::into_inner) = Script { token: Some(token), replies, asked: 0 };
    }
}

async fn answer(State(script): State<Arc<Mutex<Script>>>, uri: Uri) -> Response<Body> {
    let mut script = script.lock().unwrap_or_else(PoisonError::into_inner);
    let reply = if uri.path().ends_with("/apikey/token") {
        script.token.clone()
    } else {
        script.asked += 1;
        script.replies.get(script.asked - 1).or(script.replies.last()).cloned()
    };
    let reply = reply.expect("an answer that was told");
    let mut response = Response::builder().status(reply.status);
    if let Some((name, value)) = reply.header {
        response = response.header(name, value);
    }
    response.body(Body::from(reply.body)).expect("an answer that can be given")
}
