//! Sources, and ends of sources, that html5ever's tokenizer reads.

use std::borrow::Cow;
use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    self, BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::token::{Content, Sink, Tag};

/// Reads all of a source.
pub(super) fn read<S: Sink>(html: &str, sink: S) -> S {
    let tokenizer = Tokenizer::new(Adapter(RefCell::new(sink)), TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from_slice(html));
    // The sink asks for nothing that would stop the tokenizer before the end.
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    tokenizer.sink.0.into_inner()
}

struct Adapter<S>(RefCell<S>);

impl<S: Sink> TokenSink for Adapter<S> {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut sink = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::EndTag => sink.end(&tag.name),
            Token::TagToken(tag) => {
                return match sink.start(&plain(&tag)) {
                    Some(Content::Script) => TokenSinkResult::RawData(RawKind::ScriptData),
                    Some(Content::Raw) => TokenSinkResult::RawData(RawKind::Rawtext),
                    Some(Content::Escapable) => TokenSinkResult::RawData(RawKind::Rcdata),
                    None => TokenSinkResult::Continue,
                };
            }
            Token::CharacterTokens(text) => sink.text(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn plain(tag: &tokenizer::Tag) -> Tag<'_> {
    let attr =
        |attr: &'_ html5ever::Attribute| (attr.name.local.to_string().into(), attr.value.to_string().into());
    Tag {
        name: Cow::Borrowed(&*tag.name),
        attrs: tag.attrs.iter().map(attr).collect(),
        self_closing: tag.self_closing,
    }
}
