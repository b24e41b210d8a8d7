//! A till that answers what it is told to, byte by byte if need be.

use serde_json::{Value, json};
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// `GET /products?…`.
    pub(crate) line: String,
    /// Lower-case names.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn path(&self) -> &str {
        self.line.split(['?', ' ']).nth(1).unwrap()
    }

    pub(crate) fn is_token(&self) -> bool {
        self.line.starts_with("POST /apikey/token")
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// One decoded value of the query.
    pub(crate) fn query(&self, key: &str) -> Option<String> {
        let query = self.line.split(' ').nth(1)?.split_once('?')?.1;
        let raw = query.split('&').find_map(|pair| pair.strip_prefix(key)?.strip_prefix('='))?;
        let mut bytes = Vec::new();
        let mut rest = raw.as_bytes();
        while let Some((byte, tail)) = rest.split_first() {
            if *byte == b'%' {
                bytes.extend(hex::decode(&tail[..2]).unwrap());
                rest = &tail[2..];
            } else {
                bytes.push(*byte);
                rest = tail;
            }
        }
        Some(String::from_utf8(bytes).unwrap())
    }
}

/// What the till does with a request.
pub(crate) enum Reply {
    /// An answer with a JSON body.
    Json(u16, Value),
    /// An answer with these headers and this body.
    Full(u16, &'static str, Vec<u8>),
    /// These bytes, then the end of the connection.
    Raw(Vec<u8>),
    /// The end of the connection.
    Close,
    /// Nothing, for ever.
    Silence,
}

type Script = dyn Fn(&Request, usize) -> Reply + Send + Sync;

/// A running till.
pub(crate) struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// A till whose every answer is scripted; the number counts all requests from 0.
    pub(crate) async fn scripted(script: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (seen, script): (_, Arc<Script>) = (Arc::clone(&requests), Arc::new(script));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&seen), Arc::clone(&script)));
            }
        });
        Self { address, requests }
    }

    /// A till that gives tokens `token-1`, `token-2`… and scripts everything else, counted from 0.
    pub(crate) async fn till(script: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static) -> Self {
        let counts = Mutex::new((0, 0));
        Self::scripted(move |request, _| {
            let mut counts = counts.lock().unwrap();
            if request.is_token() {
                counts.0 += 1;
                let token = format!("token-{}", counts.0);
                return Reply::Json(200, json!({"access_token": token, "expires_in": 3600, "token_type": "Bearer"}));
            }
            counts.1 += 1;
            let index = counts.1 - 1;
            drop(counts);
            script(request, index)
        })
        .await
    }

    /// A till that answers everything but tokens with this.
    pub(crate) async fn answering(status: u16, body: Value) -> Self {
        Self::till(move |_, _| Reply::Json(status, body.clone())).await
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// All requests for tokens.
    pub(crate) fn tokens(&self) -> Vec<Request> {
        self.seen(true)
    }

    /// All other requests.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.seen(false)
    }

    fn seen(&self, tokens: bool) -> Vec<Request> {
        self.requests.lock().unwrap().iter().filter(|request| request.is_token() == tokens).cloned().collect()
    }
}

async fn serve(mut stream: TcpStream, seen: Arc<Mutex<Vec<Request>>>, script: Arc<Script>) {
    let mut buffer = Vec::new();
    while let Some(request) = read(&mut stream, &mut buffer).await {
        let index = {
            let mut seen = seen.lock().unwrap();
            seen.push(request.clone());
            seen.len() - 1
        };
        let (bytes, stays) = match script(&request, index) {
            Reply::Json(status, body) => (answer(status, "", body.to_string().as_bytes()), true),
            Reply::Full(status, headers, body) => (answer(status, headers, &body), true),
            Reply::Raw(bytes) => (bytes, false),
            Reply::Close => return,
            Reply::Silence => std::future::pending().await,
        };
        if stream.write_all(&bytes).await.is_err() || !stays {
            return;
        }
    }
}

fn answer(status: u16, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status} Status\r\n{headers}content-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Request> {
    loop {
        if let Some((request, length)) = parse(buffer) {
            buffer.drain(..length);
            return Some(request);
        }
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
}

fn parse(buffer: &[u8]) -> Option<(Request, usize)> {
    let end = buffer.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8(buffer[..end].to_vec()).unwrap();
    let mut lines = head.lines();
    let line = lines.next().unwrap().to_owned();
    let headers: Vec<(String, String)> = lines
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, n)| n.parse().unwrap());
    let body = buffer.get(end + 4..end + 4 + length)?;
    let body = String::from_utf8(body.to_vec()).unwrap();
    Some((Request { line, headers, body }, end + 4 + length))
}
