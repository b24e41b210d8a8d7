//! Runs the simulator until it is stopped.

use clap::Parser;
use simulator::{Config, RestaurantSpec, Simulator, SimulatorConfig};

/// Both remote parties of the bridge on this machine, with faults on demand and a web page.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Port on 127.0.0.1; 0 takes a free one.
    #[arg(long, env = "SIMULATOR_PORT", default_value_t = 4010)]
    port: u16,
    /// Where webhooks go, such as `http://127.0.0.1:3000`; without it they are recorded and not sent.
    #[arg(long, env = "BRIDGE_URL")]
    bridge_url: Option<String>,
    /// Host header for the bridge; the connection then goes to 127.0.0.1 and the port of the URL.
    #[arg(long, env = "BRIDGE_HOST")]
    bridge_host: Option<String>,
    /// Pause between two attempts of a webhook.
    #[arg(long, default_value_t = 1000)]
    retry_gap_ms: u64,
    /// Start without the demo restaurant.
    #[arg(long)]
    empty: bool,
}

fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt().with_target(false).init();
    let arguments = Arguments::parse();
    let simulator = Simulator::start(SimulatorConfig {
        port: arguments.port,
        restaurants: if arguments.empty { Vec::new() } else { vec![RestaurantSpec::demo()] },
        runtime: Config {
            bridge_url: arguments.bridge_url,
            bridge_host: arguments.bridge_host,
            retry_gap_ms: arguments.retry_gap_ms,
            ..Config::default()
        },
    })?;
    tracing::info!(
        page = simulator.base_url(),
        cic = simulator.cic_url(),
        plateform = simulator.plateform_url(),
        "ready"
    );
    loop {
        std::thread::park();
    }
}
