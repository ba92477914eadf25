use proptest::prelude::*;

use super::*;
use crate::message::image::tests::{bmp_of, code, colour_jpeg_of, gif_of, jpeg_of, png_of};

const URL: &str = "https://login.example/verify?id=0123456789";

fn read(sniffed: &str, octets: &[u8]) -> Vec<String> {
    let mut budget = Budget::default();
    in_image(sniffed, octets, &mut budget).into_iter().map(|o| String::from_utf8(o).unwrap()).collect()
}

#[test]
fn every_format_and_every_size_of_module() {
    for scale in [1, 2, 3, 4, 5, 7, 10, 20, 30] {
        let picture = code(URL, scale);
        assert_eq!(read("png", &png_of(&picture)), [URL], "png {scale}");
        assert_eq!(read("gif", &gif_of(&picture)), [URL], "gif {scale}");
        assert_eq!(read("bmp", &bmp_of(&picture, 1)), [URL], "bmp {scale}");
        if scale > 2 {
            assert_eq!(read("jpeg", &jpeg_of(&picture, 60)), [URL], "jpeg {scale}");
            assert_eq!(read("jpeg", &colour_jpeg_of(&picture)), [URL], "colour jpeg {scale}");
        }
    }
}

#[test]
fn long_and_japanese_contents() {
    for content in ["https://example.com/".to_owned() + &"a".repeat(900), "送金先 口座 1234567".to_owned()]
    {
        assert_eq!(read("png", &png_of(&code(&content, 4))), [content]);
    }
}

/// Light on dark, on a coloured ground, cropped to the edge, turned by a quarter and mirrored.
#[test]
fn dressed_up() {
    let picture = code(URL, 6);
    let map = |f: &dyn Fn(usize, u8) -> u8| Grey {
        pixels: picture.pixels.iter().enumerate().map(|(at, value)| f(at, *value)).collect(),
        ..picture
    };
    let side = picture.width;
    let cropped = side - 48;
    let crop =
        (0..cropped * cropped).map(|at| picture.pixels[(at / cropped + 24) * side + at % cropped + 24]);
    for (name, dressed) in [
        ("inverted", map(&|_, value| 255 - value)),
        ("faint", map(&|_, value| 150 + value / 4)),
        ("gradient", map(&|at, value| (value / 3).saturating_add((at % side * 160 / side) as u8))),
        ("turned", map(&|at, _| picture.pixels[(at % side) * side + (side - 1 - at / side)])),
        ("mirrored", map(&|at, _| picture.pixels[(at / side) * side + (side - 1 - at % side)])),
        ("cropped", Grey { width: cropped, height: cropped, pixels: crop.collect() }),
    ] {
        assert_eq!(read("png", &png_of(&dressed)), [URL], "{name}");
    }
}

/// As on a photograph: turned, and seen from the side.
#[test]
fn turned_and_skewed() {
    let long = format!("{URL}&{}", "x".repeat(150));
    // The larger the code, the more of its modules lie off where three corners say.
    for (content, skewed) in [(URL, 0.0006), (&long, 0.0001)] {
        let picture = code(content, 8);
        let side = picture.width as f64;
        for (degrees, skew) in [(7, 0.0), (20, 0.0), (45, 0.0), (100, 0.0), (200, 0.0), (3, skewed)] {
            let (sin, cos) = f64::from(degrees).to_radians().sin_cos();
            let width = (side * 1.5) as usize;
            let pixel = |at: usize| {
                let (x, y) = ((at % width) as f64 - side * 0.75, (at / width) as f64 - side * 0.75);
                let by = 1.0 + skew * x;
                let (u, v) = ((x * cos + y * sin) / by + side / 2.0, (y * cos - x * sin) / by + side / 2.0);
                let inside = u >= 0.0 && v >= 0.0 && u < side && v < side;
                if inside { picture.pixels[v as usize * picture.width + u as usize] } else { 255 }
            };
            let turned = Grey { width, height: width, pixels: (0..width * width).map(pixel).collect() };
            assert_eq!(read("png", &png_of(&turned)), [content], "{degrees} {skew}");
        }
    }
}

/// A code in a page of text that was made an image.
#[test]
fn a_small_code_on_a_large_page() {
    let small = code(URL, 3);
    let (width, height) = (800, 1600);
    let mut page = Grey { width, height, pixels: vec![255; width * height] };
    for y in (40..1500).step_by(24) {
        for x in 40..760 {
            for line in 0..12 {
                if (x * 7 + y * 13 + line * 3) % 11 < 4 {
                    page.pixels[(y + line) * width + x] = 40;
                }
            }
        }
    }
    for (y, row) in small.pixels.chunks(small.width).enumerate() {
        let at = (y + 700) * width + 300;
        page.pixels[at..at + small.width].copy_from_slice(row);
    }
    assert_eq!(read("png", &png_of(&page)), [URL]);
    assert_eq!(read("jpeg", &jpeg_of(&page, 85)), [URL]);
}

#[test]
fn two_codes_in_one_image() {
    let (one, two) = (code("https://a.example/1", 5), code("https://b.example/2", 5));
    assert_eq!(one.width, two.width);
    let pixels =
        one.pixels.chunks(one.width).zip(two.pixels.chunks(one.width)).flat_map(|(a, b)| [a, b].concat());
    let both = Grey { width: one.width * 2, height: one.height, pixels: pixels.collect() };
    assert_eq!(read("png", &png_of(&both)), ["https://a.example/1", "https://b.example/2"]);
}

/// A picture full of finder patterns would cost the reader the third power of their number.
#[test]
fn a_picture_of_nothing_but_finder_patterns_costs_no_more_than_the_budget() {
    let (width, height) = (1600, 1600);
    let pixel = |at: usize| {
        let (x, y) = (at % width % 9, at / width % 9);
        let ring = x.min(6 - x.min(6)).min(y.min(6 - y.min(6)));
        if x < 7 && y < 7 && ring != 1 { 0 } else { 255 }
    };
    let picture = Grey { width, height, pixels: (0..width * height).map(pixel).collect() };
    let mut budget = Budget::default();
    assert_eq!(in_image("png", &png_of(&picture), &mut budget), Vec::<Vec<u8>>::new());
}

#[test]
fn the_budget_is_for_all_images_together() {
    let octets = png_of(&code(URL, 20));
    let mut budget = Budget::default();
    // What comes after the end of a PNG is not read.
    let copy = |n: u8| [octets.as_slice(), &[n]].concat();
    let read: usize = (0..40).map(|n| in_image("png", &copy(n), &mut budget).len()).sum();
    assert!(read > 1 && read < 40 && budget.cut, "{read} {budget:?}");
    let mut budget = Budget::default();
    let read: usize = (0..40).map(|_| in_image("png", &octets, &mut budget).len()).sum();
    assert!(read == 1 && !budget.cut, "the same file is read once");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// Any octets beneath any mark, and real files with octets changed or cut off.
    #[test]
    fn hostile_files_never_panic(
        format in 0usize..6,
        scale in 1usize..6,
        cut in 0usize..4000,
        hits in prop::collection::vec((0usize..4000, any::<u8>()), 0..12),
        noise in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let picture = code(URL, scale);
        let (sniffed, mut octets) = match format {
            0 => ("png", png_of(&picture)),
            1 => ("jpeg", jpeg_of(&picture, 50)),
            2 => ("jpeg", colour_jpeg_of(&picture)),
            3 => ("gif", gif_of(&picture)),
            4 => ("bmp", bmp_of(&picture, 24)),
            _ => ("bmp", bmp_of(&picture, 4)),
        };
        for (at, octet) in hits {
            if let Some(old) = octets.get_mut(at) {
                *old = octet;
            }
        }
        let mut budget = Budget::default();
        let _ = in_image(sniffed, &octets, &mut budget);
        octets.truncate(cut);
        let _ = in_image(sniffed, &octets, &mut budget);
        octets.truncate(16);
        octets.extend(noise);
        let _ = in_image(sniffed, &octets, &mut budget);
    }

    /// Codes with pixels changed, sheared and noisy: the reader meets finder patterns that lead nowhere.
    #[test]
    fn hostile_pictures_never_panic(
        scale in 2usize..6,
        shear in 0usize..4,
        blots in prop::collection::vec((0usize..200, 0usize..200, 1usize..60, 1usize..60, any::<u8>()), 0..20),
    ) {
        let mut picture = code(URL, scale);
        let side = picture.width;
        let from = picture.pixels.clone();
        for y in 0..side {
            for x in 0..side {
                picture.pixels[y * side + x] = from[y * side + (x + y * shear / 4) % side];
            }
        }
        for (left, top, wide, high, value) in blots {
            for y in top..(top + high).min(side) {
                for x in left..(left + wide).min(side) {
                    picture.pixels[y * side + x] = value;
                }
            }
        }
        let _ = in_picture(&picture, &mut Budget::default());
    }
}

/// The modules of a code, with a margin of two.
fn modules(content: &str) -> Vec<Vec<bool>> {
    let code = qrcode::QrCode::new(content).unwrap();
    let (width, dark) = (code.width(), code.to_colors());
    let at = |x: usize, y: usize| {
        let inside = (2..width + 2).contains(&x) && (2..width + 2).contains(&y);
        inside && dark[(y - 2) * width + (x - 2)] == qrcode::Color::Dark
    };
    (0..width + 4).map(|y| (0..width + 4).map(|x| at(x, y)).collect()).collect()
}

fn halves(rows: &[Vec<bool>], light_ink: bool) -> String {
    let mut out = String::new();
    for pair in rows.chunks(2) {
        for x in 0..pair[0].len() {
            let (upper, lower) =
                (pair[0][x] != light_ink, pair.get(1).is_some_and(|row| row[x]) != light_ink);
            out.push(match (upper, lower) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            });
        }
        out.push('\n');
    }
    out
}

/// A code drawn with half blocks.
pub(crate) fn drawing(content: &str) -> String {
    halves(&modules(content), false)
}

fn full(rows: &[Vec<bool>], dark: &str, light: &str) -> String {
    let line = |row: &Vec<bool>| row.iter().map(|d| if *d { dark } else { light }).collect::<String>() + "\n";
    rows.iter().map(line).collect()
}

fn mail(kind: &str, body: &str) -> crate::message::Message {
    let head = "From: a@example.com\nMIME-Version: 1.0\nContent-Transfer-Encoding: 8bit\n";
    crate::message::Message::parse(
        format!("{head}Content-Type: {kind}; charset=utf-8\n\n{body}\n").as_bytes(),
    )
}

fn said(message: &crate::message::Message) -> Vec<&str> {
    message.codes.iter().map(|code| message.texts[code.text - 1].text.original()).collect()
}

#[test]
fn drawn_with_characters() {
    let rows = modules(URL);
    for (name, drawing) in [
        ("halves", halves(&rows, false)),
        ("halves, light on dark", halves(&rows, true)),
        ("full blocks", full(&rows, "██", "  ")),
        ("hashes", full(&rows, "##", "  ")),
        ("squares", full(&rows, "⬛", "⬜")),
    ] {
        let plain = mail("text/plain", &format!("Please scan:\n\n{drawing}\nThank you."));
        assert_eq!(said(&plain), [URL], "{name}");
        assert_eq!(plain.codes[0].make, crate::message::Make::Drawn);
        assert_eq!(plain.codes[0].carrier, crate::message::Place::Text(1));
        let link = plain.links.iter().find(|link| link.host == "login.example").unwrap();
        assert_eq!(link.origin, crate::message::Origin::Code);
        let pre = mail(
            "text/html",
            &format!("<p>Please scan:</p><pre style='line-height:1'>{drawing}</pre><p>Thanks</p>"),
        );
        assert_eq!(said(&pre), [URL], "{name} in pre");
        let lines = drawing.replace(' ', "&nbsp;").replace('\n', "<br>\n  ");
        let broken =
            mail("text/html", &format!("<div>Scan</div><div style='font-family:monospace'>{lines}</div>"));
        assert_eq!(said(&broken), [URL], "{name} in lines");
    }
}

#[test]
fn drawn_with_cells() {
    let rows = modules(URL);
    let table = |cell: &dyn Fn(bool, usize) -> String| {
        let row = |row: &Vec<bool>| {
            let runs = row.chunk_by(|a, b| a == b).map(|run| cell(run[0], run.len()));
            format!("<tr height=4>{}</tr>\n", runs.collect::<String>())
        };
        format!(
            "<style>.k{{background:#000}} .w{{background:#fff}}</style><p>Scan</p>\
             <table cellspacing=0><tbody>{}</tbody></table><p>Thanks</p>",
            rows.iter().map(row).collect::<String>()
        )
    };
    let colour = |dark: bool| if dark { "#000000" } else { "#ffffff" };
    let singly =
        |dark: bool, long: usize| format!("<td bgcolor='{}' width=4></td>", colour(dark)).repeat(long);
    let inline = |dark: bool, long: usize| {
        format!("<td style='background-color:{};width:4px'>&nbsp;</td>", colour(dark)).repeat(long)
    };
    let spans = |dark: bool, long: usize| format!("<td bgcolor={} colspan={long}></td>", colour(dark));
    let classes =
        |dark: bool, long: usize| format!("<td class={}></td>", if dark { "k" } else { "w" }).repeat(long);
    for (name, html) in [
        ("singly", table(&singly)),
        ("inline", table(&inline)),
        ("spans", table(&spans)),
        ("classes", table(&classes)),
    ] {
        assert_eq!(said(&mail("text/html", &html)), [URL], "{name}");
    }
    let boxes = |row: &Vec<bool>| {
        let run = |run: &[bool]| {
            format!(
                "<span style='display:inline-block;height:5px;width:{}px;background:{}'></span>",
                run.len() * 5,
                colour(run[0])
            )
        };
        format!("<div>{}</div>", row.chunk_by(|a, b| a == b).map(run).collect::<String>())
    };
    let html = format!("<p>Scan</p>{}<p>Thanks</p>", rows.iter().map(boxes).collect::<String>());
    assert_eq!(said(&mail("text/html", &html)), [URL], "boxes");
}

#[test]
fn embedded_in_the_source() {
    use base64::Engine as _;
    let png = base64::engine::general_purpose::STANDARD.encode(png_of(&code(URL, 4)));
    let svg =
        format!("<svg xmlns='http://www.w3.org/2000/svg'><image href='data:image/png;base64,{png}'/></svg>");
    let nested = base64::engine::general_purpose::STANDARD.encode(&svg);
    for html in [
        format!("<p>Scan</p><img src='data:image/png;base64,{png}'>"),
        format!("<p>Scan</p><div style=\"background:url('data:image/png;base64,{png}')\"></div>"),
        format!("<style>.q{{background:url(data:image/png;base64,{png})}}</style><p class=q>Scan</p>"),
        format!("<p>Scan</p><img src='data:image/svg+xml;base64,{nested}'>"),
        format!("<p>Scan</p><img src='&#100;ata:image/png;base64,{}'>", png.replace('+', "%2B")),
    ] {
        let message = mail("text/html", &html);
        assert_eq!(said(&message), [URL], "{html:.60}");
        assert_eq!(message.codes[0].make, crate::message::Make::Embedded);
    }
    assert_eq!(said(&mail("image/svg+xml", &svg)), [URL]);
}

/// Ordinary pages and texts that are made of the same things.
#[test]
fn what_is_no_code() {
    for (kind, body) in [
        ("text/plain", "################################\n# NOTICE                       #\n".repeat(30)),
        ("text/plain", "████████████████████████████░░░░ 88%\n".repeat(40)),
        (
            "text/html",
            format!(
                "<table>{}</table>",
                format!("<tr>{}</tr>", "<td bgcolor=#eee></td>".repeat(30)).repeat(40)
            ),
        ),
        ("text/html", "<table><tr><td>a</td><td>b</td></tr></table>".repeat(200)),
    ] {
        assert_eq!(said(&mail(kind, &body)), Vec::<&str>::new());
    }
}
