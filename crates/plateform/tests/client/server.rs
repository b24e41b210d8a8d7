//! A server that plays a script: one answer for each connection, and every request kept.

use app::ports::{OrderKey, PlatformAccess, Work};
use domain::{OrderId, TenantId};
use jiff::{Timestamp, tz::TimeZone};
use plateform::{Client, DEFAULT_TIMEOUT, Settings};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// A request as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Received {
    pub(crate) line: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Received {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

/// What the server does with a connection.
pub(crate) enum Reply {
    /// Answers.
    Json(u16, Value),
    /// Answers with more headers, each ended by CR LF.
    With(u16, &'static str, Value),
    /// Writes these bytes and closes.
    Raw(Vec<u8>),
    /// Reads the request and closes without a word.
    HangUp,
    /// Reads the request and never answers.
    Silence,
}

impl Reply {
    fn bytes(&self) -> Vec<u8> {
        let answer = |status: u16, headers: &str, body: String| {
            let length = body.len();
            format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}")
                .into_bytes()
        };
        match self {
            Self::Json(204, _) => b"HTTP/1.1 204 X\r\nconnection: close\r\n\r\n".to_vec(),
            Self::Json(status, body) => answer(*status, "", body.to_string()),
            Self::With(status, headers, body) => answer(*status, headers, body.to_string()),
            Self::Raw(bytes) => bytes.clone(),
            Self::HangUp | Self::Silence => Vec::new(),
        }
    }
}

/// The platform's stand-in.
pub(crate) struct Server {
    pub(crate) root: String,
    pub(crate) base_url: String,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Server {
    /// Plays these replies in turn; after the last one nobody listens any more.
    pub(crate) async fn playing(replies: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let root = format!("http://{}", listener.local_addr().unwrap());
        let base_url = format!("{root}/integrations/v1");
        let received = Arc::new(Mutex::new(Vec::new()));
        tokio::spawn(play(listener, replies.into_iter().collect(), received.clone()));
        Self { root, base_url, received }
    }

    /// Answers once with this.
    pub(crate) async fn answering(status: u16, body: Value) -> Self {
        Self::playing([Reply::Json(status, body)]).await
    }

    pub(crate) fn client(&self) -> Client {
        self.client_with(DEFAULT_TIMEOUT)
    }

    pub(crate) fn client_with(&self, timeout: Duration) -> Client {
        Client::new(Settings { base_url: self.base_url.clone(), timeout }).unwrap()
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// The only request that came.
    pub(crate) fn one(&self) -> Received {
        let all = self.received();
        assert_eq!(all.len(), 1, "{all:?}");
        all[0].clone()
    }
}

async fn play(listener: TcpListener, replies: Vec<Reply>, received: Arc<Mutex<Vec<Received>>>) {
    let mut silent = Vec::new();
    for reply in replies {
        let (mut stream, _) = listener.accept().await.unwrap();
        let request = request(&mut stream).await;
        received.lock().unwrap().push(request);
        // The client may have hung up already, over a body that is too large.
        let _ = stream.write_all(&reply.bytes()).await;
        match reply {
            Reply::Silence => silent.push(stream),
            _ => drop(stream.shutdown().await),
        }
    }
    if !silent.is_empty() {
        std::future::pending::<()>().await;
    }
}

async fn request(stream: &mut TcpStream) -> Received {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            break end;
        }
        assert!(stream.read_buf(&mut bytes).await.unwrap() > 0, "the request ended early");
    };
    let text = String::from_utf8(bytes[..head].to_vec()).unwrap();
    let (line, headers) = text.split_once("\r\n").unwrap();
    let headers: BTreeMap<_, _> = headers
        .split("\r\n")
        .filter_map(|h| h.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length = headers.get("content-length").map_or(0, |l| l.parse().unwrap());
    while bytes.len() < head + 4 + length {
        assert!(stream.read_buf(&mut bytes).await.unwrap() > 0, "the body ended early");
    }
    let body = String::from_utf8(bytes[head + 4..].to_vec()).unwrap();
    Received { line: line.to_owned(), headers, body }
}

pub(crate) fn work() -> Work {
    Work { deadline: Instant::now() + Duration::from_secs(60), correlation: "corr-1".into() }
}

pub(crate) fn access() -> PlatformAccess {
    let at = Timestamp::UNIX_EPOCH;
    PlatformAccess { api_token: "token-canary".into(), webhook_secrets: Vec::new(), read_at: at }
}

pub(crate) fn tenant() -> TenantId {
    TenantId::parse("rest-1").unwrap()
}

pub(crate) fn key() -> OrderKey {
    OrderKey { tenant: tenant(), order: OrderId::parse("plt-1").unwrap() }
}

pub(crate) fn rome() -> TimeZone {
    TimeZone::get("Europe/Rome").unwrap()
}

pub(crate) fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// An order with only what the contract requires.
pub(crate) fn order(id: &str) -> Value {
    serde_json::json!({
        "id": id, "restaurantId": "rest-1", "number": "A-7", "status": "new", "service": "takeaway",
        "createdAt": "2026-11-24T18:00:00+01:00", "updatedAt": "2026-11-24T18:00:00+01:00",
        "customer": {"id": "cust-1", "firstName": "Prova", "lastName": "Utente"},
        "payment": {"method": "online", "paid": true},
        "lines": [{"id": "l-1", "dishExternalId": "prod-1", "name": "Margherita", "quantity": 1,
                   "unitPriceCents": 700, "options": [], "totalCents": 700}],
        "totalCents": 700
    })
}
