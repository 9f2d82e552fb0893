//! Just enough reading of Rust to tell code from comments, texts and tests.

/// The source with comments, string and character literals, and `#[cfg(test)]` items turned to spaces; lines stay where they are.
pub fn product_code(source: &str) -> String {
    without_tests(&without_text(source))
}

/// Comments and literals turned to spaces.
pub fn without_text(source: &str) -> String {
    let chars: Vec<char> = source.chars().collect();
    let mut out = String::with_capacity(source.len());
    let mut at = 0;
    while at < chars.len() {
        let end = literal_end(&chars, at).unwrap_or(at);
        if end == at {
            out.push(chars[at]);
            at += 1;
        } else {
            out.extend(chars[at..end].iter().map(|&c| if c == '\n' { '\n' } else { ' ' }));
            at = end;
        }
    }
    out
}

/// The string literals with the line each begins on, as the program sees them: a line that is continued is one.
pub fn texts(source: &str) -> Vec<(usize, String)> {
    let chars: Vec<char> = source.chars().collect();
    let (mut out, mut at, mut line) = (Vec::new(), 0, 1);
    while at < chars.len() {
        let end = literal_end(&chars, at).unwrap_or(at + 1);
        if chars[at] == '"' {
            out.push((line, continued(&chars[at + 1..end.max(at + 2) - 1])));
        }
        line += chars[at..end].iter().filter(|&&c| c == '\n').count();
        at = end;
    }
    out
}

/// A text whose lines end in backslashes, in one line.
fn continued(chars: &[char]) -> String {
    let mut out = String::new();
    let mut at = 0;
    while at < chars.len() {
        if chars[at..].starts_with(&['\\', '\n']) {
            at += 2;
            while chars.get(at).is_some_and(|c| c.is_whitespace()) {
                at += 1;
            }
        } else {
            out.push(chars[at]);
            at += 1;
        }
    }
    out
}

/// Where the comment or literal that starts at `at` ends; none when there is none.
fn literal_end(chars: &[char], at: usize) -> Option<usize> {
    let next = chars.get(at + 1).copied();
    match chars[at] {
        '/' if next == Some('/') => Some(find(chars, at, |rest| rest[0] == '\n')),
        '/' if next == Some('*') => Some(block_comment_end(chars, at)),
        '"' => Some(string_end(chars, at)),
        'r' if !follows_word(chars, at) => raw_string_end(chars, at),
        '\'' => char_end(chars, at),
        _ => None,
    }
}

fn find(chars: &[char], from: usize, hit: impl Fn(&[char]) -> bool) -> usize {
    (from..chars.len()).find(|&at| hit(&chars[at..])).unwrap_or(chars.len())
}

fn follows_word(chars: &[char], at: usize) -> bool {
    // `br"..."` is a raw string too, so a lone b before is none of a word
    let word = |i: usize| chars[i].is_alphanumeric() || chars[i] == '_';
    at > 0 && word(at - 1) && !(chars[at - 1] == 'b' && (at == 1 || !word(at - 2)))
}

fn block_comment_end(chars: &[char], start: usize) -> usize {
    let (mut depth, mut at) = (0, start);
    while at < chars.len() {
        match chars[at..] {
            ['/', '*', ..] => (depth, at) = (depth + 1, at + 2),
            ['*', '/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn string_end(chars: &[char], start: usize) -> usize {
    let mut at = start + 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(chars.len())
}

fn raw_string_end(chars: &[char], start: usize) -> Option<usize> {
    let hashes = chars[start + 1..].iter().take_while(|&&c| c == '#').count();
    let open = start + 1 + hashes;
    (chars.get(open) == Some(&'"')).then(|| {
        let close = |rest: &[char]| {
            rest[0] == '"' && rest.len() > hashes && rest[1..=hashes].iter().all(|&c| c == '#')
        };
        (find(chars, open + 1, close) + 1 + hashes).min(chars.len())
    })
}

/// A character literal, and not a lifetime.
fn char_end(chars: &[char], at: usize) -> Option<usize> {
    match chars[at + 1..] {
        ['\\', _, ..] => Some((find(chars, at + 3, |rest| rest[0] == '\'') + 1).min(chars.len())),
        [_, '\'', ..] => Some(at + 3),
        _ => None,
    }
}

/// Items under `#[cfg(test)]` turned to spaces. Expects text without literals.
fn without_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut out = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(start) = rest.find(MARK) {
        let (before, item) = rest.split_at(start);
        let end = item_end(item);
        out.push_str(before);
        out.extend(item[..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        rest = &item[end..];
    }
    out.push_str(rest);
    out
}

/// The end of the item at the start of the text: its closing brace, or its semicolon when it has no braces.
pub fn item_end(code: &str) -> usize {
    let mut depth = 0_i32;
    let mut brackets = 0_i32;
    for (at, c) in code.char_indices() {
        match c {
            '(' | '[' => brackets += 1,
            ')' | ']' => brackets -= 1,
            '{' => depth += 1,
            '}' => {
                depth -= 1;
                if depth == 0 && brackets == 0 {
                    return at + 1;
                }
            }
            ';' if depth == 0 && brackets == 0 => return at + 1,
            _ => {}
        }
    }
    code.len()
}

/// Words with the line each stands on: identifiers, and every other visible character by itself.
pub fn tokens(code: &str) -> Vec<(usize, &str)> {
    let mut out = Vec::new();
    for (index, line) in code.lines().enumerate() {
        let mut rest = line;
        while let Some(first) = rest.chars().next() {
            let word =
                rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
            let length = word.max(first.len_utf8());
            if !first.is_whitespace() {
                out.push((index + 1, &rest[..length]));
            }
            rest = &rest[length..];
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words of the product code that are letters, each with its line.
    fn words(source: &str) -> Vec<(usize, String)> {
        let code = product_code(source);
        let is_word = |(_, word): &(usize, &str)| word.chars().all(char::is_alphabetic);
        tokens(&code).into_iter().filter(is_word).map(|(line, word)| (line, word.into())).collect()
    }

    #[test]
    fn comments_and_literals_are_no_code() {
        let source =
            "a // f64\nb /* /* f64 */ f64 */ \"f64 \\\" f64\" r#\"f64 \" f64\"# 'f' '\\'' <'l> c";
        let names = ["a", "b", "l", "c"].map(String::from);
        assert_eq!(words(source).into_iter().map(|(_, word)| word).collect::<Vec<_>>(), names);
    }

    #[test]
    fn test_items_are_no_product_code() {
        let source =
            "const A;\n#[cfg(test)]\nmod tests {\n const B;\n}\nC\n#[cfg(test)]\nmod d;\nE";
        let found = words(source);
        let found: Vec<_> = found.iter().map(|(line, word)| (*line, word.as_str())).collect();
        assert_eq!(found, [(1, "const"), (1, "A"), (6, "C"), (9, "E")]);
    }
}
