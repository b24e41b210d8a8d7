//! S19: names and descriptions as a customer reads them.

use crate::menu::text::{name, photo, plain};

fn read(html: &str) -> String {
    plain(html).text
}

#[test]
fn s19_html_becomes_clean_text_with_its_entities() {
    assert_eq!(
        read("<p>Pomodoro, <b>mozza</b>rella &amp; basilico</p><p>Ben&nbsp;cotta</p>"),
        "Pomodoro, mozzarella & basilico Ben cotta"
    );
    assert_eq!(read("Caff&egrave; &#8364; 1 &#x1F355; &hellip; &bogus; &amp"), "Caffè € 1 🍕 … &bogus; &");
    assert_eq!(read("a&#0;&#x110000;&#xD800;b"), "ab");
    assert_eq!(read("&lt;b&gt;"), "<b>");
}

#[test]
fn s19_words_are_kept_apart_and_nothing_is_drawn_around_them() {
    for (html, text) in [
        ("Uno<br>due<br/>tre", "Uno due tre"),
        ("Uno<hr>due", "Uno due"),
        ("<h1>Titolo</h1>testo<blockquote>citato</blockquote>", "Titolo testo citato"),
        ("<ul><li>Uno</li><li>Due<ol><li>tre</li></ol></li></ul>", "Uno Due tre"),
        ("<a href='https://example.test/x'>Carta</a> dei vini", "Carta dei vini"),
        ("<table><tr><th>A</th><th>B</th></tr><tr><td colspan=1000000000>1</td><td>2</td></tr></table>", "A B 1 2"),
        ("H<sub>2</sub>O, <s>vecchio</s> <em>nuovo</em><img src=x alt=Foto>", "H2O, vecchio nuovo"),
        ("<pre>a\n  b\tc</pre>", "a b c"),
    ] {
        assert_eq!(read(html), text, "{html}");
    }
}

#[test]
fn s19_what_a_reader_does_not_see_is_left_out() {
    for html in [
        "<script>alert('</b>')</script>Bionda",
        "<style>p { color: red }</style>Bionda",
        "<!-- nota <b> -->Bionda",
        "<title>Pagina</title><!DOCTYPE html>Bionda",
        "Bionda<script>if (1 < 2) x()",
        "<script>1</script><script>2</script>Bionda<script>3</script>",
    ] {
        assert_eq!(read(html), "Bionda", "{html}");
    }
}

#[test]
fn s19_broken_html_and_plain_text_with_signs_lose_nothing_that_can_be_read() {
    for (html, text) in [
        ("5 < 6 e <3 patatine & riso", "5 < 6 e <3 patatine & riso"),
        ("<p>Uno<b>due<p>tre", "Unodue tre"),
        ("<p>Uno</i></b></div>due", "Uno due"),
        ("Uno <b", "Uno"),
        ("Senza HTML\u{0}\r\n due", "Senza HTML due"),
        ("<p></p>", ""),
    ] {
        assert_eq!(read(html), text, "{html}");
    }
}

#[test]
fn s19_a_hundred_thousand_tags_inside_each_other_cost_no_stack() {
    for tag in ["<b>", "<div>", "<table>", "<a><p>"] {
        assert_eq!(read(&(tag.repeat(100_000) + "Bionda")), "Bionda");
    }
}

#[test]
fn s19_a_description_is_at_most_5000_characters_and_says_when_it_was_cut() {
    let long = plain(&"è ".repeat(4000));
    assert!(long.is_cut && long.text.chars().count() == 4999);
    let exact = plain(&format!("<p>{}</p>", "è".repeat(5000)));
    assert!(!exact.is_cut && exact.text.chars().count() == 5000);
}

#[test]
fn names_are_clean_cut_on_a_character_and_never_empty() {
    let shown = |typed: &str| name(typed).map(|name| (name.text, name.is_cut));
    assert_eq!(shown("  Pizza\u{0} \u{202E}Margherita 🍕 "), Some(("Pizza Margherita 🍕".into(), false)));
    assert_eq!(shown("بيتزا مارغريتا"), Some(("بيتزا مارغريتا".into(), false)));
    assert_eq!(shown("\u{0}\u{200B}\u{FEFF} "), None);
    assert_eq!(shown(&"è".repeat(500)), Some(("è".repeat(200), true)));
    assert_eq!(shown(&format!("{}🇮🇹", "x".repeat(199))), Some(("x".repeat(199), true)));
    let heap = shown(&format!("a{}", "\u{35F}".repeat(500))).unwrap();
    assert_eq!((heap.0.chars().count(), heap.1), (200, true));
}

#[test]
fn s13_an_address_that_is_none_is_no_photo() {
    for address in [
        "https://images.example.test/a.jpg?x=1&y=%20#z",
        "http://127.0.0.1:9000/a.jpg",
        " HTTPS://images.example.test ",
        "https://user@images.example.test:8443/a",
    ] {
        assert_eq!(photo(address).as_deref(), Some(address.trim()));
    }
    let endless = format!("https://example.test/{}", "a".repeat(2000));
    for address in [
        "",
        "margherita.jpg",
        "//example.test/a",
        "javascript:alert(1)",
        "https://",
        "https:///x",
        "https://:80/x",
        "https://@/x",
        "https://a b/c",
        "ftp://example.test/a",
        "https://example.test/è.jpg",
        "https://example.test/%zz",
        "https://example.test/%2",
        "https://example.test/{id}",
        "https://example.test/a#b#c",
        "data:image/png;base64,AAAA",
        &endless,
    ] {
        assert_eq!(photo(address), None, "{address}");
    }
}
