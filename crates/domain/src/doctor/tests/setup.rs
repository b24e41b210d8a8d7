//! DR1 to DR4, DR9 to DR14.

use super::{
    super::{CheckId, Lang, TillSalesPoint, TillWebhook, Unseen, Verdict, examine},
    world::{broken, healthy, hook, look, mode, said, tenant},
};
use crate::order::Service;
use jiff::SignedDuration;

/// The till answers nothing to this key.
fn refuse_everything(seen: &mut super::super::Observations) {
    seen.sales_points = Err(Unseen::Refused(400));
    seen.modes = Err(Unseen::Refused(400));
    seen.menu = Err(Unseen::Refused(400));
    seen.webhooks = Err(Unseen::Refused(400));
}

#[test]
fn there_are_fourteen_checks_in_their_order_and_a_healthy_restaurant_has_none_that_is_yellow_or_red() {
    let checked = examine(&tenant(), &healthy());
    let codes: Vec<String> = checked.iter().map(|checked| checked.id.code()).collect();
    assert_eq!(codes, (1..=14).map(|number| format!("DR{number}")).collect::<Vec<_>>());
    let open: Vec<_> = checked.iter().filter(|checked| checked.verdict != Verdict::Green).map(|c| c.id).collect();
    assert_eq!(open, [CheckId::Limits], "the till does not show its limits");
}

#[test]
fn every_check_has_its_words_in_both_languages_and_says_what_to_do_unless_it_is_green() {
    let mut seen = healthy();
    refuse_everything(&mut seen);
    for checked in examine(&tenant(), &seen) {
        for lang in [Lang::It, Lang::En] {
            let told = checked.told(lang);
            assert!(!told.title.is_empty() && !told.rule.is_empty() && !told.saw.is_empty(), "{told:?}");
            assert_eq!(told.remedy.is_none(), checked.verdict == Verdict::Green, "{told:?}");
        }
    }
}

#[test]
fn dr1_a_key_that_is_refused_everywhere_is_red() {
    assert_eq!(broken(CheckId::Key, refuse_everything), said(Verdict::Red, "key refused (400)"));
}

#[test]
fn s39_dr1_one_answer_proves_the_key_and_the_licence_and_a_dead_till_says_nothing_of_them() {
    let one = broken(CheckId::Key, |seen| {
        refuse_everything(seen);
        seen.modes = Ok(vec![]);
    });
    assert_eq!(one.0, Verdict::Green);
    let dead = broken(CheckId::Key, |seen| {
        seen.sales_points = Err(Unseen::Late);
        seen.modes = Err(Unseen::NoAnswer("no connection".into()));
        seen.menu = Err(Unseen::Late);
        seen.webhooks = Err(Unseen::Late);
    });
    assert_eq!(dead, said(Verdict::Unknown, "till: no answer in time"));
}

#[test]
fn dr2_nothing_but_a_write_proves_that_the_key_may_write() {
    let never = broken(CheckId::Scope, |seen| seen.known = Err(Unseen::Late));
    assert_eq!(never, said(Verdict::Unknown, "no write is known yet"));
    assert_eq!(broken(CheckId::Scope, refuse_everything), said(Verdict::Red, "key refused (400)"));
}

#[test]
fn dr3_a_sales_point_of_another_key_is_red_and_those_of_the_key_are_named() {
    let other = |seen: &mut super::super::Observations| {
        seen.sales_points = Ok(vec![TillSalesPoint { id: 90102, name: "Mare".into(), is_licensed: true }]);
    };
    let expected = said(Verdict::Red, "90101 is not the key's, which sees: «90102 Mare»");
    assert_eq!(broken(CheckId::SalesPoint, other), expected);
}

#[test]
fn dr3_a_sales_point_without_a_licence_is_red_and_one_that_cannot_be_asked_unknown() {
    let unlicensed = broken(CheckId::SalesPoint, |seen| {
        seen.sales_points = Ok(vec![TillSalesPoint { id: 90101, name: "Sede".into(), is_licensed: false }]);
    });
    assert_eq!(unlicensed, said(Verdict::Red, "90101 without an active licence"));
    let refused = broken(CheckId::SalesPoint, |seen| seen.sales_points = Err(Unseen::Refused(403)));
    assert_eq!(refused, said(Verdict::Unknown, "till: access refused (403)"));
}

#[test]
fn dr4_a_name_that_is_nearly_right_is_red_and_shown() {
    for near in
        ["Plateform_Takeaway", "plateform takeaway", "plateform-takeaway", " plateform_takeaway", "plateforn_takeway"]
    {
        let found = broken(CheckId::SalesModes, |seen| {
            seen.modes = Ok(vec![mode("m1", near), mode("m2", "plateform_delivery"), mode("m3", "Sala")]);
        });
        let text = format!("«plateform_takeaway» is missing, there is «{near}»; «plateform_delivery» is there");
        assert_eq!(found, said(Verdict::Red, &text));
    }
}

#[test]
fn dr4_a_missing_mode_is_red_and_one_that_is_there_twice_yellow() {
    let missing = broken(CheckId::SalesModes, |seen| seen.modes = Ok(vec![mode("m1", "plateform_takeaway")]));
    assert_eq!(missing, said(Verdict::Red, "«plateform_takeaway» is there; «plateform_delivery» is missing"));
    let twice = broken(CheckId::SalesModes, |seen| {
        seen.modes.as_mut().unwrap().push(mode("m9", "plateform_delivery"));
    });
    assert_eq!(twice.0, Verdict::Yellow);
}

#[test]
fn s41_s42_s43_dr9_limits_are_never_claimed_to_be_absent() {
    let expected = said(Verdict::Unknown, "the API does not show limits");
    assert_eq!(look(CheckId::Limits, &tenant(), &healthy()), expected);
}

#[test]
fn dr10_each_needed_event_has_a_webhook_that_leads_here_and_is_not_paused() {
    type Break = fn(&mut Vec<TillWebhook>);
    let table: [(Break, Verdict, &str); 7] = [
        (|hooks| hooks.clear(), Verdict::Red, "no address …/webhooks/cic/rest-1 (others: 0)"),
        (
            |hooks| hooks[0].url = "https://x.example.test/webhooks/cic/rest-10".into(),
            Verdict::Red,
            "ORDER/EDIT is missing; ORDER/DELETE is missing",
        ),
        (|hooks| hooks[0] = hook("ORDER", &["EDIT"]), Verdict::Red, "ORDER/DELETE is missing"),
        (|hooks| hooks[0].is_paused = true, Verdict::Red, "ORDER/EDIT is paused; ORDER/DELETE is paused"),
        (|hooks| hooks[0].sales_points = vec![90102], Verdict::Red, "ORDER/EDIT is missing; ORDER/DELETE is missing"),
        (|hooks| drop(hooks.pop()), Verdict::Yellow, "RECEIPT/CREATE is missing"),
        (|hooks| hooks[1].is_paused = true, Verdict::Yellow, "RECEIPT/CREATE is paused"),
    ];
    for (break_it, verdict, text) in table {
        let found = broken(CheckId::Webhooks, |seen| break_it(seen.webhooks.as_mut().unwrap()));
        assert_eq!(found, said(verdict, text));
    }
}

#[test]
fn dr10_without_a_secret_no_webhook_can_be_trusted_even_where_the_till_does_not_list_them() {
    let found = broken(CheckId::Webhooks, |seen| seen.webhook_secrets = 0);
    assert_eq!(found, said(Verdict::Red, "orders and receipts are configured; no Secret is stored"));
    let unlisted = broken(CheckId::Webhooks, |seen| seen.webhooks = Err(Unseen::NotOffered));
    assert_eq!(unlisted, said(Verdict::Unknown, "till: not offered by the API"));
}

#[test]
fn dr10_e10_changes_that_only_polling_found_are_red_though_everything_is_configured() {
    let found = |unpushed: u32, has_pushed: bool| {
        broken(CheckId::Webhooks, |seen| {
            let known = seen.known.as_mut().unwrap();
            (known.unpushed, known.has_pushed) = (unpushed, has_pushed);
        })
    };
    let configured = "orders and receipts are configured";
    assert_eq!(found(2, false), said(Verdict::Green, configured), "they may have been overtaken");
    assert_eq!(found(2, true), said(Verdict::Green, &format!("{configured}; the till calls")));
    let silent = format!("{configured}; last changes found by polling, not pushed by the till: 3");
    assert_eq!(found(3, true), said(Verdict::Red, &silent));
}

#[test]
fn dr10_a_call_that_came_is_proof_where_the_till_does_not_list_its_webhooks() {
    let found = broken(CheckId::Webhooks, |seen| {
        seen.webhooks = Err(Unseen::NotOffered);
        seen.known.as_mut().unwrap().has_pushed = true;
    });
    assert_eq!(found, said(Verdict::Green, "the till calls"));
}

#[test]
fn dr11_a_service_without_a_menu_is_red() {
    let one = broken(CheckId::Services, |seen| {
        seen.restaurant.as_mut().unwrap().services = vec![(Service::Takeaway, true), (Service::Delivery, false)];
    });
    assert_eq!(one, said(Verdict::Red, "take-away with a menu; delivery without a menu"));
    let none = broken(CheckId::Services, |seen| seen.restaurant.as_mut().unwrap().services.clear());
    assert_eq!(none, said(Verdict::Red, "no service is offered"));
}

#[test]
fn dr12_a_menu_before_the_first_pass_is_yellow_and_an_empty_platform_is_not() {
    let before = broken(CheckId::FirstSync, |seen| seen.known.as_mut().unwrap().is_synced = false);
    assert_eq!(before, said(Verdict::Yellow, "Plateform holds a menu already"));
    let empty = broken(CheckId::FirstSync, |seen| {
        seen.known.as_mut().unwrap().is_synced = false;
        seen.restaurant.as_mut().unwrap().has_menu = false;
    });
    assert_eq!(empty, said(Verdict::Green, "Plateform is empty"));
}

#[test]
fn dr13_a_clock_is_told_from_a_minute_on_and_red_from_five() {
    for (seconds, verdict) in [
        (60, Verdict::Green),
        (61, Verdict::Yellow),
        (-61, Verdict::Yellow),
        (300, Verdict::Yellow),
        (301, Verdict::Red),
        (-301, Verdict::Red),
    ] {
        let ahead = SignedDuration::from_secs(seconds);
        let found = broken(CheckId::Clocks, |seen| seen.clocks.till = Ok(ahead));
        assert_eq!(found, said(verdict, &format!("till {seconds:+} s; Plateform +0 s")));
    }
}

#[test]
fn dr14_without_an_order_on_the_till_the_test_order_is_what_is_left_to_do() {
    let found = broken(CheckId::TestOrder, |seen| seen.known.as_mut().unwrap().has_order = false);
    assert_eq!(found, said(Verdict::Unknown, "no open order on the till"));
}

#[test]
fn what_is_well_is_said_as_it_was_seen() {
    let seen = healthy();
    for (id, text) in [
        (CheckId::Key, "the key works"),
        (CheckId::Scope, "the till has taken a write before"),
        (CheckId::SalesPoint, "90101 «Sede», active licence"),
        (CheckId::Channel, "articles on the channel: 2"),
        (CheckId::FirstSync, "the first pass has been applied"),
        (CheckId::TestOrder, "an order is on the till"),
    ] {
        assert_eq!(look(id, &tenant(), &seen), said(Verdict::Green, text));
    }
}

#[test]
fn every_check_and_verdict_has_words_of_its_own_in_both_languages() {
    let texts = |lang| examine(&tenant(), &healthy()).into_iter().map(move |checked| checked.told(lang));
    let (italian, english): (Vec<_>, Vec<_>) = (texts(Lang::It).collect(), texts(Lang::En).collect());
    let distinct = |words: Vec<&str>| words.into_iter().collect::<std::collections::HashSet<_>>().len();
    for told in [&italian, &english] {
        assert_eq!(distinct(told.iter().map(|told| told.title).collect()), 14);
        assert_eq!(distinct(told.iter().map(|told| told.rule).collect()), 14);
    }
    assert!(italian.iter().zip(&english).all(|(italian, english)| italian.rule != english.rule));
    let verdicts = [Verdict::Green, Verdict::Unknown, Verdict::Yellow, Verdict::Red];
    let words = |lang| verdicts.map(|verdict| super::super::word(verdict, lang));
    assert_eq!(words(Lang::It), ["bene", "ignoto", "attenzione", "errore"]);
    assert_eq!(words(Lang::En), ["green", "unknown", "yellow", "red"]);
}

#[test]
fn what_is_to_be_done_is_said_for_each_check_that_is_not_well() {
    let mut seen = healthy();
    refuse_everything(&mut seen);
    seen.restaurant = Err(Unseen::Late);
    let remedies: Vec<String> =
        examine(&tenant(), &seen).iter().filter_map(|checked| checked.told(Lang::It).remedy).collect();
    let distinct: std::collections::HashSet<&String> = remedies.iter().collect();
    assert!(remedies.len() > 5 && distinct.len() == remedies.len(), "{remedies:#?}");
    assert!(remedies.iter().all(|remedy| remedy.len() > 20), "{remedies:#?}");
}

#[test]
fn dr4_a_sales_mode_that_is_there_twice_is_said_to_be() {
    let (_, saw) = broken(CheckId::SalesModes, |seen| {
        seen.modes.as_mut().unwrap().push(mode("m9", "plateform_takeaway"));
    });
    assert!(saw.contains("«plateform_takeaway» is there more than once"), "{saw}");
}

#[test]
fn dr4_a_name_with_three_letters_more_or_less_is_not_a_near_one() {
    for (name, is_near) in [
        ("xyplateform_takeaway", true),
        ("plateform_takeawayxy", true),
        ("ateform_takeaway", true),
        ("plateform_takeaw", true),
        ("xyzplateform_takeaway", false),
        ("plateform_takeawayxyz", false),
        ("teform_takeaway", false),
        ("plateform_takea", false),
    ] {
        let (_, saw) = broken(CheckId::SalesModes, |seen| seen.modes.as_mut().unwrap()[0] = mode("m1", name));
        assert_eq!(saw.contains(&format!("«{name}»")), is_near, "{name}: {saw}");
    }
}

#[test]
fn dr12_what_was_not_seen_of_a_menu_before_is_unknown_and_says_whose_answer_is_missing() {
    let ponte = broken(CheckId::FirstSync, |seen| seen.known = Err(Unseen::Late));
    let platform = broken(CheckId::FirstSync, |seen| {
        seen.known.as_mut().unwrap().is_synced = false;
        seen.restaurant = Err(Unseen::Late);
    });
    assert_eq!((ponte.0, platform.0), (Verdict::Unknown, Verdict::Unknown));
    assert_ne!(ponte.1, platform.1);
}
