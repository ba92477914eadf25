use proptest::prelude::*;

use super::super::rest;
use super::*;

/// What was told, one line each; the content of an element that is no markup as far as anybody looks at it.
#[derive(Default)]
struct Told {
    tokens: Vec<String>,
    within: Option<(bool, String)>,
}

impl Sink for Told {
    fn start(&mut self, tag: &Tag<'_>) -> Option<Content> {
        self.tokens.push(format!("start {} {:?} {}", tag.name, tag.attrs, tag.self_closing));
        let content = match &*tag.name {
            "script" => Some(Content::Script),
            "style" => Some(Content::Raw),
            "title" => Some(Content::Escapable),
            _ => None,
        };
        self.within = content.map(|content| (content == Content::Raw, String::new()));
        content
    }

    fn end(&mut self, name: &str) {
        if let Some((true, text)) = self.within.take() {
            self.tokens.push(format!("content {text:?}"));
        }
        self.tokens.push(format!("end {name}"));
    }

    fn text(&mut self, text: &str) {
        match &mut self.within {
            Some((_, within)) => within.push_str(text),
            None if text.is_empty() => {}
            None => self.tokens.push(format!("text {text:?}")),
        }
    }
}

fn told(html: &str) -> Vec<String> {
    let mut told = Told::default();
    let left = read(html, &mut told);
    let told = if left.is_empty() { told } else { rest::read(left, told) };
    told.tokens
}

fn sources() -> impl Strategy<Value = String> {
    let pieces = [
        "<",
        ">",
        "</",
        "/>",
        "<a",
        "<A href=",
        "</a>",
        "<p>",
        "</p",
        "<br/>",
        "=",
        "\"",
        "'",
        " ",
        "\n",
        "\r",
        "\r\n",
        "\t",
        "\u{c}",
        "x",
        "Y",
        "絵",
        "é",
        "&",
        "&amp;",
        "&amp",
        "&not",
        "&noti",
        "&notin;",
        "&foo",
        "&fooo ",
        "&#",
        "&#x",
        "&#65;",
        "&#x41",
        "&#0;",
        "&#128;",
        "&#x110000;",
        "&#xd800;",
        "&acE;",
        ";",
        "<!--",
        "-->",
        "--!>",
        "-",
        "->",
        "<!",
        "<!DOCTYPE html>",
        "<!doctype x \"a>b\">",
        "<?xml ?>",
        "</ >",
        "</>",
        "<![CDATA[",
        "]]>",
        "<script>",
        "<script ",
        "</script>",
        "</SCRIPT ",
        "<style>",
        "</style>",
        "</style",
        "<title>",
        "</title/>",
        "</titl>",
        "\u{feff}",
        " a=b",
        " a='1&lt;2'",
        " b=\"x&copy=1\"",
        " c",
        "!",
        "#",
        "\0",
    ];
    prop_oneof![
        8 => prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..24).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
        1 => "(<[a-c/!-]{1,3}( [a-c=\"'/]{0,6}){0,2}>?|[&#a-z;\r\n ]{0,6}){0,6}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn tells_what_html5ever_tells(html in sources()) {
        prop_assert_eq!(told(&html), rest::read(&html, Told::default()).tokens);
    }
}

#[test]
fn mail_is_read_here() {
    let html = "<!DOCTYPE html PUBLIC \"-//W3C//DTD\"><html><!--[if mso]><b>--><style>p{}</style><title>a &amp; b</title>\
         <p class=x align = 'left' >1 &lt; 2 &foo; caf&eacute;<br/>\r\n<![endif]></p><script>var a = '<p>';</script></html>";
    assert_eq!(read(html, &mut Told::default()), "");
    for left in ["<script>a <!-- b</script>", "<p", "<!-- ", "a\0b"] {
        assert_eq!(read(left, &mut Told::default()), left);
    }
}
