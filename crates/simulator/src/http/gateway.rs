//! From HTTP to a party and back, with the armed fault doing its harm before or after the call takes effect.

use super::{Incoming, Party, Reply, listener::CutSwitch};
use crate::{
    clock,
    fault::{FaultKind, FaultSpec},
    plateform, till,
    world::World,
};
use axum::{
    body::Body,
    extract::Request,
    http::{Response, StatusCode},
};
use serde_json::json;
use std::{sync::Arc, time::Duration};

/// How a call ends.
enum Ending {
    Answer(Reply),
    Hang,
    Cut,
}

/// Records a call, lets the armed fault act, and answers.
pub(crate) async fn serve(world: Arc<World>, party: Party, cut: CutSwitch, request: Request) -> Response<Body> {
    let Some(incoming) = Incoming::read(request, clock::now()).await else {
        return Reply::empty(StatusCode::PAYLOAD_TOO_LARGE).into_response();
    };
    // In a task of its own: what has arrived takes effect even when its caller is gone before the answer.
    let answer = tokio::spawn(answer(world, party, cut, incoming));
    answer.await.unwrap_or_else(|_| Reply::empty(StatusCode::INTERNAL_SERVER_ERROR).into_response())
}

async fn answer(world: Arc<World>, party: Party, cut: CutSwitch, incoming: Incoming) -> Response<Body> {
    let (seq, fault) = world.admit(party, &incoming);
    if let Some(delay) = fault.as_ref().filter(|fault| fault.fault == FaultKind::Slow).and_then(|fault| fault.delay_ms)
    {
        tokio::time::sleep(Duration::from_millis(delay)).await;
    }
    let ending = match fault.as_ref().and_then(|fault| before_commit(fault, party)) {
        Some(ending) => ending,
        None => {
            let mut reply = commit(&world, party, &incoming);
            world.deliver_caused(std::mem::take(&mut reply.hooks)).await;
            after_commit(fault.as_ref(), party, reply)
        }
    };
    match ending {
        Ending::Answer(reply) => {
            world.lock().recorder.answered(seq, reply.status.as_u16());
            reply.into_response()
        }
        Ending::Hang => {
            hang(fault.and_then(|fault| fault.delay_ms)).await;
            cut.cut();
            Reply::empty(StatusCode::GATEWAY_TIMEOUT).into_response()
        }
        Ending::Cut => {
            cut.cut();
            Reply::empty(StatusCode::BAD_GATEWAY).into_response()
        }
    }
}

fn commit(world: &World, party: Party, incoming: &Incoming) -> Reply {
    let mut state = world.lock();
    match party {
        Party::Cic => till::handle(&mut state, incoming),
        Party::Plateform => plateform::handle(&mut state, incoming),
    }
}

fn before_commit(fault: &FaultSpec, party: Party) -> Option<Ending> {
    match fault.fault {
        FaultKind::ErrorBeforeCommit => Some(Ending::Answer(error(fault, party, fault.status.unwrap_or(500)))),
        FaultKind::RateLimited => Some(Ending::Answer(error(fault, party, 429))),
        FaultKind::Unavailable => Some(Ending::Answer(error(fault, party, 503))),
        FaultKind::TimeoutBeforeCommit => Some(Ending::Hang),
        FaultKind::CloseBeforeCommit => Some(Ending::Cut),
        _ => None,
    }
}

fn after_commit(fault: Option<&FaultSpec>, party: Party, mut reply: Reply) -> Ending {
    let Some(fault) = fault else { return Ending::Answer(reply) };
    match fault.fault {
        FaultKind::ErrorAfterCommit => Ending::Answer(error(fault, party, fault.status.unwrap_or(500))),
        FaultKind::TimeoutAfterCommit => Ending::Hang,
        FaultKind::CloseAfterCommit => Ending::Cut,
        FaultKind::TruncatedJson => {
            reply.body.truncate(reply.body.len() / 2);
            Ending::Answer(reply)
        }
        FaultKind::OddShape => {
            let body = fault.body.clone().unwrap_or_else(|| json!({ "ok": true }));
            Ending::Answer(Reply::json(StatusCode::OK, &body))
        }
        _ => Ending::Answer(reply),
    }
}

fn error(fault: &FaultSpec, party: Party, status: u16) -> Reply {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut reply = match party {
        Party::Cic => till::fault_reply(status),
        Party::Plateform => plateform::fault_reply(status),
    };
    if let Some(body) = &fault.body {
        reply.body = body.to_string().into_bytes();
    }
    // The platform's contract promises Retry-After with 429 and 503; the till promises nothing.
    let promised = status == StatusCode::SERVICE_UNAVAILABLE
        || (party == Party::Plateform && status == StatusCode::TOO_MANY_REQUESTS);
    reply.retry_after = fault.retry_after.or(promised.then_some(1));
    reply
}

async fn hang(limit_ms: Option<u64>) {
    match limit_ms {
        Some(ms) => tokio::time::sleep(Duration::from_millis(ms)).await,
        None => std::future::pending().await,
    }
}
