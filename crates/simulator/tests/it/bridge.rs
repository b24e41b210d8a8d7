//! A stand-in for the bridge that notes webhooks and answers as it is told.

use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, StatusCode, Uri},
    routing::any,
};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

/// A webhook as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Arrived {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Arrived {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// A bridge that answers 200, or what it was told to answer next.
#[derive(Clone, Default)]
pub(crate) struct Bridge {
    arrived: Arc<Mutex<Vec<Arrived>>>,
    answers: Arc<Mutex<VecDeque<u16>>>,
    url: String,
}

impl Bridge {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let bridge = Self { url, ..Self::default() };
        let noted = bridge.clone();
        let router = Router::new().fallback(any(async move |uri: Uri, headers: HeaderMap, body: Bytes| {
            noted.arrived.lock().unwrap().push(Arrived { path: uri.path().to_owned(), headers, body });
            let status = noted.answers.lock().unwrap().pop_front().unwrap_or(200);
            StatusCode::from_u16(status).unwrap()
        }));
        tokio::spawn(async { axum::serve(listener, router).await });
        bridge
    }

    pub(crate) fn url(&self) -> String {
        self.url.clone()
    }

    pub(crate) fn answer_next(&self, statuses: &[u16]) {
        self.answers.lock().unwrap().extend(statuses);
    }

    pub(crate) fn arrived(&self) -> Vec<Arrived> {
        self.arrived.lock().unwrap().clone()
    }

    pub(crate) fn operations(&self) -> Vec<String> {
        self.arrived().iter().map(|webhook| webhook.header("x-cn-operation").to_owned()).collect()
    }
}
