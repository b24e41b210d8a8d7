//! A till that no longer calls is told to the restaurant, beside the menu and without disturbing what is told of it.

use crate::{
    build::menu,
    fixture::{CHANGES, Restaurant, WHOLE, rest, work},
};
use app::{
    menu::{MenuFailure, Request, Synced},
    ports::{PlatformError, TillError, doctor::TillWebhook, menu::Health},
};
use domain::{lifecycle::Heard, menu::Check};

fn hook(entity: &str, events: &[&str]) -> TillWebhook {
    TillWebhook {
        entity: entity.to_owned(),
        events: events.iter().map(|event| (*event).to_owned()).collect(),
        url: "https://ponte.example.test/webhooks/cic/rest-1".to_owned(),
        ..TillWebhook::default()
    }
}

fn ready() -> Vec<TillWebhook> {
    vec![hook("ORDER", &["EDIT", "DELETE"]), hook("RECEIPT", &["CREATE"])]
}

fn paused() -> Vec<TillWebhook> {
    let [order, receipt] = <[TillWebhook; 2]>::try_from(ready()).unwrap();
    vec![TillWebhook { is_paused: true, ..order }, receipt]
}

impl Restaurant {
    /// News that came in these ways, one a second.
    fn news(&self, pushed: &[bool]) -> Vec<Heard> {
        let now = self.now().as_millisecond();
        (0..).zip(pushed).map(|(second, pushed)| Heard(now + second * 1_000, *pushed)).collect()
    }

    /// The cycle of the next five minutes, which hears of these news.
    async fn hears(&self, pushed: &[bool]) -> Result<Synced, MenuFailure> {
        let news = self.news(pushed);
        self.pass_minutes(5);
        self.menus.sync_and_hear(&work(300), &rest(), CHANGES, &news).await
    }

    fn webhook_findings(&self) -> usize {
        self.told().into_iter().filter(|(check, _)| *check == Check::Webhook).count()
    }
}

#[tokio::test]
async fn e10_a_silent_till_is_told_once_with_its_remedy_and_taken_back_when_it_calls_again() {
    let shop = Restaurant::synced(menu()).await;
    shop.hears(&[false, false]).await.unwrap();
    assert_eq!(shop.health(), Some(Health::Active), "two may have been overtaken");
    assert!(shop.hears(&[false]).await.unwrap().is_silent);
    assert_eq!((shop.health(), shop.webhook_findings()), (Some(Health::Degraded), 1));
    assert!(shop.sentence().contains("non avvisa più") && shop.sentence().contains("WebHooks"));
    let told = shop.platform.told().len();
    shop.hears(&[false]).await.unwrap();
    shop.hears(&[]).await.unwrap();
    assert_eq!(shop.platform.told().len(), told, "once");
    assert!(!shop.hears(&[true]).await.unwrap().is_silent);
    assert_eq!((shop.health(), shop.webhook_findings(), shop.sentence()), (Some(Health::Active), 0, String::new()));
    shop.assert_in_step();
}

#[tokio::test]
async fn e10_a_cycle_that_hears_of_news_and_has_nothing_to_tell_costs_what_it_always_costs() {
    let shop = Restaurant::synced(menu()).await;
    for pushed in [[true], [false], [false]] {
        let (till, platform, writes) = (shop.till_calls(), shop.platform.calls().len(), shop.store.writes());
        shop.hears(&pushed).await.unwrap();
        assert!(shop.till_calls() - till <= 4);
        assert_eq!(shop.platform.calls().len() - platform, 1);
        assert!(shop.store.writes() - writes <= 2);
    }
}

#[tokio::test]
async fn e10_findings_of_the_menu_and_of_the_webhooks_stand_beside_each_other() {
    let shop = Restaurant::synced(menu()).await;
    shop.change("p4", |p| p.prices.clear());
    shop.cycle().await;
    let of_menu = shop.told();
    assert!(!of_menu.is_empty());
    shop.hears(&[false; 3]).await.unwrap();
    assert_eq!(shop.told().len(), of_menu.len() + 1);
    shop.change("p1", |p| p.name = "Chinotto".to_owned());
    shop.cycle().await;
    shop.whole().await;
    assert_eq!(
        (shop.told().len(), shop.health()),
        (of_menu.len() + 1, Some(Health::Degraded)),
        "a pass takes nothing back"
    );
    shop.hears(&[true]).await.unwrap();
    assert_eq!((shop.told(), shop.health()), (of_menu, Some(Health::Active)));
}

#[tokio::test]
async fn e45_what_stops_the_menu_is_told_first_and_the_silence_is_still_told_when_that_is_mended() {
    let shop = Restaurant::synced(menu()).await;
    shop.hears(&[false; 3]).await.unwrap();
    shop.till.catalogue.fail_call(1, TillError::KeyRefused { status: 401 });
    shop.hears(&[]).await.unwrap();
    assert_eq!((shop.health(), shop.webhook_findings()), (Some(Health::Error), 1));
    assert!(shop.sentence().contains("chiave API"));
    shop.cycle().await;
    assert_eq!(shop.health(), Some(Health::Degraded));
    assert!(shop.sentence().contains("non avvisa più"));
}

#[tokio::test]
async fn e10_what_the_platform_did_not_take_is_told_by_the_next_cycle() {
    let shop = Restaurant::synced(menu()).await;
    shop.platform.fail_call(1, PlatformError::Unavailable { status: None, retry_after: None, detail: String::new() });
    shop.hears(&[false; 3]).await.unwrap_err();
    assert_eq!(shop.health(), Some(Health::Active));
    shop.hears(&[]).await.unwrap();
    assert_eq!((shop.health(), shop.webhook_findings()), (Some(Health::Degraded), 1));
}

#[tokio::test]
async fn dr10_a_webhook_that_is_paused_in_the_portal_is_told_at_night_before_the_first_customer_orders() {
    let shop = Restaurant::synced(menu()).await;
    shop.till.list_webhooks(paused());
    shop.cycle().await;
    assert_eq!(shop.health(), Some(Health::Active), "the portal is asked where everything is");
    shop.whole().await;
    assert_eq!((shop.health(), shop.webhook_findings()), (Some(Health::Degraded), 2));
    assert!(shop.sentence().contains("in pausa"));
    shop.till.list_webhooks(ready());
    shop.whole().await;
    assert_eq!((shop.health(), shop.webhook_findings()), (Some(Health::Active), 0));
}

#[tokio::test]
async fn dr10_a_paused_webhook_is_told_with_the_first_menu_and_taken_back_by_the_first_call() {
    let shop = Restaurant::with(menu());
    shop.till.list_webhooks(paused());
    shop.sync(CHANGES).await.unwrap();
    assert_eq!(shop.health(), Some(Health::Degraded));
    shop.hears(&[true]).await.unwrap();
    assert_eq!(shop.health(), Some(Health::Active));
}

#[tokio::test]
async fn dr10_a_webhook_that_the_portal_does_not_show_is_a_warning_and_a_portal_that_shows_none_says_nothing() {
    let shop = Restaurant::synced(menu()).await;
    shop.whole().await;
    assert_eq!(shop.webhook_findings(), 0);
    shop.till.list_webhooks(vec![hook("RECEIPT", &["CREATE"])]);
    shop.whole().await;
    assert_eq!((shop.health(), shop.webhook_findings()), (Some(Health::Active), 2));
}

#[tokio::test]
async fn a_dry_run_hears_and_tells_nothing() {
    let shop = Restaurant::synced(menu()).await;
    shop.till.list_webhooks(paused());
    shop.pass_minutes(10);
    shop.sync(Request { dry_run: true, ..WHOLE }).await.unwrap();
    assert_eq!((shop.health(), shop.webhook_findings()), (Some(Health::Active), 0));
}
