//! The running simulator: its thread, its port, its end.

use crate::{
    clock,
    config::SimulatorConfig,
    control::{self, Control},
    http::{
        Party, gateway,
        listener::{CutSwitch, CuttableListener},
    },
    state::State,
    world::World,
};
use anyhow::Context;
use axum::{
    Router,
    extract::{ConnectInfo, Request},
    routing::any,
};
use std::{net::TcpListener, ops::Deref, sync::Arc, thread::JoinHandle};
use tokio::sync::oneshot;

/// A running simulator. Dropping it closes the port and every connection.
pub struct Simulator {
    control: Control,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Simulator {
    /// Starts on 127.0.0.1, on a thread and a runtime of its own, so that it works in any kind of test.
    ///
    /// # Errors
    /// When the port cannot be bound or the thread cannot be started.
    pub fn start(config: SimulatorConfig) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", config.port)).context("cannot bind the simulator's port")?;
        listener.set_nonblocking(true)?;
        let base_url = format!("http://{}", listener.local_addr()?);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let state = State::new(config.runtime, config.restaurants, clock::now());
        let world = Arc::new(World::new(state, runtime.handle().clone(), base_url)?);
        let control = Control::new(Arc::clone(&world));
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new().name("simulator".into()).spawn(move || {
            runtime.block_on(async move {
                tokio::select! {
                    result = serve(listener, world) => if let Err(error) = result {
                        tracing::error!(%error, "the simulator's server ended");
                    },
                    _ = stopped => {}
                }
            });
        })?;
        Ok(Self { control, stop: Some(stop), thread: Some(thread) })
    }

    /// Root of the simulator, such as `http://127.0.0.1:4010`.
    pub fn base_url(&self) -> String {
        self.control.base_url().to_owned()
    }

    /// Base URL of the till's API.
    pub fn cic_url(&self) -> String {
        format!("{}/cic", self.control.base_url())
    }

    /// Base URL of the platform's API.
    pub fn plateform_url(&self) -> String {
        format!("{}/plateform", self.control.base_url())
    }

    /// A handle for acting on both parties, which can be cloned and sent to other threads.
    pub fn control(&self) -> Control {
        self.control.clone()
    }
}

impl Deref for Simulator {
    type Target = Control;

    fn deref(&self) -> &Control {
        &self.control
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn serve(listener: TcpListener, world: Arc<World>) -> std::io::Result<()> {
    let listener = CuttableListener(tokio::net::TcpListener::from_std(listener)?);
    let router = Router::new()
        .nest("/cic", party(&world, Party::Cic))
        .nest("/plateform", party(&world, Party::Plateform))
        .merge(control::router(Control::new(world)));
    axum::serve(listener, router.into_make_service_with_connect_info::<CutSwitch>()).await
}

fn party(world: &Arc<World>, party: Party) -> Router {
    let world = Arc::clone(world);
    Router::new().fallback(any(move |ConnectInfo(cut): ConnectInfo<CutSwitch>, request: Request| {
        gateway::serve(Arc::clone(&world), party, cut, request)
    }))
}
