//! The text of HTML, however broken it is.
//!
//! Only its tokens are looked at, never a tree: time grows with the length alone, and a thousand tags inside each other
//! cost no stack. What the till's people type has no scripts to run and no layout to keep.

use html5ever::{
    tendril::StrTendril,
    tokenizer::{
        BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
        states::{RawKind, Rawtext, Rcdata, ScriptData},
    },
};
use std::cell::{Cell, RefCell};

/// Tags that may stand in the middle of a word; every other tag separates words.
const INSIDE_WORDS: [&str; 25] = [
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "em", "font", "i", "ins", "kbd", "label", "mark",
    "q", "s", "small", "span", "strike", "strong", "sub", "sup", "u",
];

/// Tags whose content is text for the browser, not for the reader, up to their end tag.
fn unread(tag: &str) -> Option<RawKind> {
    match tag {
        "script" => Some(ScriptData),
        "style" | "iframe" | "noembed" | "noframes" => Some(Rawtext),
        "title" => Some(Rcdata),
        _ => None,
    }
}

#[derive(Default)]
struct Reader {
    text: RefCell<String>,
    is_unread: Cell<bool>,
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::CharacterTokens(text) if !self.is_unread.get() => self.text.borrow_mut().push_str(&text),
            Token::TagToken(tag) => {
                if !INSIDE_WORDS.contains(&&*tag.name) {
                    self.text.borrow_mut().push(' ');
                }
                let unread = unread(&tag.name).filter(|_| tag.kind == TagKind::StartTag);
                self.is_unread.set(unread.is_some());
                return unread.map_or(TokenSinkResult::Continue, TokenSinkResult::RawData);
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// What a reader would see, with its entities, not cleaned.
pub(super) fn text(html: &str) -> String {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    let tokenizer = Tokenizer::new(Reader::default(), TokenizerOpts::default());
    // The tokenizer stops after each script for its owner to run it.
    while !input.is_empty() {
        let _ = tokenizer.feed(&input);
    }
    tokenizer.end();
    tokenizer.sink.text.take()
}
