//! The main job, played on this machine: the menu goes to the platform, orders go to the till and their life comes back.

mod board;
mod lines;
mod menu;
mod story;
mod timeline;

use crate::shop::Shop;
use anyhow::Result;
use std::{io::Write, time::Instant};

/// Plays the demo, prints it to `out`, and answers how many stories passed and failed.
///
/// With `keep` everything is left running afterwards until the terminal says stop.
///
/// # Errors
/// If the restaurant cannot be opened or `out` cannot be written.
pub async fn run(keep: bool, out: &mut impl Write) -> Result<(usize, usize)> {
    let begun = Instant::now();
    writeln!(out, "Opening the restaurant: local AWS, the real functions, both remote parties …")?;
    let shop = Shop::open(keep).await?;
    writeln!(
        out,
        "Open after {:.1} s. Both sides side by side: {}/\n",
        begun.elapsed().as_secs_f64(),
        shop.simulator.base_url()
    )?;

    let (passed, failed) = play(&shop, out).await?;
    writeln!(out, "{passed} passed, {failed} failed")?;
    if keep {
        leave_running(shop, out).await?;
    }
    Ok((passed, failed))
}

/// Plays every story and answers how many passed and failed.
///
/// # Errors
/// If `out` cannot be written.
pub async fn play(shop: &Shop, out: &mut impl Write) -> Result<(usize, usize)> {
    let (mut passed, mut failed) = (0, 0);
    for story in story::ALL {
        writeln!(out, "{}", story.title)?;
        match story.play(shop, out).await {
            Ok(()) => passed += 1,
            Err(error) => {
                failed += 1;
                writeln!(out, "  FAILED: {error:#}")?;
            }
        }
        writeln!(out)?;
    }
    Ok((passed, failed))
}

async fn leave_running(shop: Shop, out: &mut impl Write) -> Result<()> {
    shop.aws.announce()?;
    writeln!(out, "\nStill running, Ctrl-C ends it:")?;
    writeln!(out, "  both remote parties   {}/", shop.simulator.base_url())?;
    writeln!(out, "  webhooks of Ponte     {}/webhooks/cic/rest-demo", shop.aws.webhook_url())?;
    writeln!(out, "  local AWS             AWS_ENDPOINT_URL={}", shop.aws.endpoint())?;
    out.flush()?;
    Ok(tokio::signal::ctrl_c().await?)
}
