//! From nothing to the first confirmed order with the command alone, on a local AWS with the real functions. What the
//! terminal shows is the walk-through of the README; `REGENERATE_DOCS=1` writes it anew.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use ponte::shop::Shop;
use serde_json::json;
use simulator::{Item, MenuChoice, MenuEdit, PlaceOrder, RestaurantSpec, Table, WebhookMode, demo_ids as ids};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    time::Duration,
};

/// Between these lines of the README stands what the terminal shows.
const BETWEEN: [&str; 2] = ["<!-- walk-through, made by crates/ponte/tests/walkthrough.rs -->\n```console\n", "```\n"];
const SOON: Duration = Duration::from_secs(60);

/// A terminal in which the command is run, and what it has shown.
struct Terminal<'a> {
    shop: &'a Shop,
    folder: PathBuf,
    /// What differs from run to run, and how it is shown.
    names: Vec<(String, String)>,
    shown: String,
}

impl<'a> Terminal<'a> {
    fn open(shop: &'a Shop) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("walkthrough");
        fs::create_dir_all(&folder).unwrap();
        let api = "https://abc123.execute-api.eu-south-1.amazonaws.com".to_owned();
        let names = vec![(shop.aws.outputs().api_url.clone(), api)];
        Self { shop, folder, names, shown: String::new() }
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

    /// Runs a command that ends so, and shows what a person sees.
    fn ponte(&mut self, line: &str, code: i32) {
        let output = self.run(line);
        let seen = [output.stderr, output.stdout].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        let seen = self.names.iter().fold(seen, |seen, (name, shown)| seen.replace(name, shown));
        assert_eq!(output.status.code(), Some(code), "ponte {line}\n{seen}");
        let line = self.names.iter().fold(line.to_owned(), |line, (name, shown)| line.replace(name, shown));
        self.shown.push_str(&format!("\n$ ponte {line}\n{}\n", seen.trim_end()));
    }

    fn says(&mut self, text: &str) {
        self.shown.push_str(&format!("\n{text}\n"));
    }
}

fn compare_with_readme(shown: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once(BETWEEN[0]).expect("the place of the walk-through");
    let (written, after) = rest.split_once(BETWEEN[1]).expect("the end of the walk-through");
    if std::env::var_os("REGENERATE_DOCS").is_some() {
        fs::write(&path, [before, BETWEEN[0], shown.trim_start(), BETWEEN[1], after].concat()).unwrap();
        return;
    }
    assert_eq!(masked(written), masked(shown), "REGENERATE_DOCS=1 writes the README anew");
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

/// A person mends at the till what the doctor found: what cannot be sold leaves the channel.
async fn mend(shop: &Shop, spec: &RestaurantSpec) {
    for id in [ids::FOCACCIA, ids::BEER] {
        let restaurant = Some(spec.restaurant_id.clone());
        let off = MenuEdit::put(Table::Products, id, json!({"enableForMobileCommerce": false}));
        let edit = MenuEdit { restaurant, webhook: Some(WebhookMode::Lose), ..off };
        shop.simulator.edit_menu(edit).await.unwrap();
    }
}

/// Numbers and lengths differ from run to run, and with them the columns.
fn masked(text: &str) -> String {
    let digits = |text: &str| {
        text.split(|c: char| c.is_ascii_digit()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("#")
    };
    text.split_whitespace().map(digits).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn s46_s47_s50_s53_dr14_a_restaurant_is_joined_checked_and_takes_its_first_order_by_the_command_alone() {
    let shop = Shop::open(false).await.unwrap();
    let spec = trattoria();
    shop.simulator.add_restaurant(spec.clone()).unwrap();
    let mut terminal = Terminal::open(&shop);
    terminal.write("api-key.txt", &spec.api_key);
    terminal.write("secret.txt", &spec.till_webhook_secret);

    terminal.ponte("tenant add rest-7 --api-key-file api-key.txt --webhook-secret-file secret.txt --wait 60", 0);
    terminal.ponte("doctor rest-7", 1);
    mend(&shop, &spec).await;
    terminal.says("(alla cassa: la focaccia e la birra artigianale escono dal canale)");
    terminal.ponte("sync rest-7", 0);
    assert_eq!(terminal.run("doctor rest-7").status.code(), Some(0), "nothing is red any more");

    let placed = PlaceOrder {
        restaurant: Some("rest-7".into()),
        items: vec![Item::new("Margherita", 1)],
        notes: Some("TEST".into()),
        ..PlaceOrder::default()
    };
    let placed = shop.simulator.place_order(placed).await.unwrap();
    let order = placed.entity["id"].as_str().unwrap();
    shop.wait_for("the order at the till", SOON, || shop.simulator.till_order(order)).await.unwrap();
    terminal.names.push((order.to_owned(), "plt-order-1001".to_owned()));
    terminal.says("(un cliente ordina)");
    terminal.ponte("order list rest-7 --state open", 0);
    shop.simulator.accept(order).await.unwrap();
    let told = || shop.simulator.placed(order).filter(|placed| placed["order"]["status"] == "confirmed");
    shop.wait_for("the confirmation", SOON, told).await.unwrap();
    terminal.says("(alla cassa: accettato)");
    terminal.ponte(&format!("order show rest-7 {order}"), 0);
    terminal.ponte("queue status", 0);
    terminal.ponte("status", 0);
    compare_with_readme(&terminal.shown);
}
