//! `quote` and `validate`: a pipe of drafts in, a pipe of results out.

use std::io::{self, BufReader, BufWriter, Write};

use clap::Args;
use orderkit::{
    Arguments, Code, Context, Draft, Issue, Language, Quote, Rules,
    explain::{Offer, explain, next_offers},
    json,
    limits::MAX_DOCUMENT_BYTES,
    quote, validate,
};
use serde::Serialize;

use super::{Failure, Line, Lines, Outcome, RulesetArgs, Tongue, is_blank};

const BUFFER_BYTES: usize = 1 << 16;

/// Arguments of `quote` and `validate`.
#[derive(Debug, Args)]
pub(super) struct PriceArgs {
    #[command(flatten)]
    rules: RulesetArgs,
    /// Add a sentence in this language to every issue
    #[arg(long, value_name = "LANG")]
    lang: Option<Tongue>,
    /// Say why each amount is what it is, and what is in reach, as lines for people (only `quote` looks at it)
    #[arg(long)]
    explain: bool,
    /// Check as staff, who may give allowances and charges by hand (only `validate` looks at it)
    #[arg(long)]
    staff: bool,
}

/// What is done with each draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Task {
    /// Its price.
    Quote,
    /// Its issues.
    Validate,
}

#[derive(Serialize)]
struct Accepted {
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    quote: Option<Quote>,
    /// What was priced.
    #[serde(skip)]
    draft: Draft,
}

#[derive(Serialize)]
struct Refused<'a> {
    ok: bool,
    line: u64,
    issues: Vec<IssueRow<'a>>,
}

/// An issue as it is printed: with the sentence, if a language is asked for.
#[derive(Serialize)]
pub(super) struct IssueRow<'a> {
    code: Code,
    path: &'a str,
    args: &'a Arguments,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

impl<'a> IssueRow<'a> {
    pub(super) fn new(issue: &'a Issue, language: Option<Language>) -> Self {
        let message = language.map(|language| issue.message(language));
        Self { code: issue.code, path: &issue.path, args: &issue.args, message }
    }
}

pub(super) fn run(args: &PriceArgs, task: Task) -> Result<Outcome, Failure> {
    let rules = args.rules.load()?;
    let language = args.lang.map(Language::from);
    let context = Context { may_adjust: args.staff, ..Context::at(args.rules.now_ms()) };
    let input = BufReader::with_capacity(BUFFER_BYTES, io::stdin().lock());
    let mut lines = Lines::new(input, MAX_DOCUMENT_BYTES);
    let mut output = BufWriter::with_capacity(BUFFER_BYTES, io::stdout().lock());
    let (mut seen, mut outcome) = (false, Outcome::Good);
    loop {
        // Whoever feeds the pipe line by line gets each answer before the next line is waited for.
        if lines.reader().buffer().is_empty() {
            output.flush()?;
        }
        let result = match lines.next_line()? {
            None => break,
            Some(Line::Text(text)) if is_blank(text) => continue,
            Some(Line::Text(text)) => answer(text, &rules, &context, task),
            Some(Line::TooLong(bytes)) => Err(vec![
                Issue::new(Code::DocumentTooLarge, "")
                    .with("bytes", bytes)
                    .with("maximum", MAX_DOCUMENT_BYTES),
            ]),
        };
        seen = true;
        match result {
            Ok(Accepted { quote: Some(quote), draft, .. }) if args.explain => {
                let language = language.unwrap_or_default();
                let offers = next_offers(&draft, &rules, &context, language).unwrap_or_default();
                explained(&mut output, &quote, &offers, &rules, language)?;
            }
            Ok(accepted) => serde_json::to_writer(&mut output, &accepted)?,
            Err(issues) => {
                outcome = Outcome::Refused;
                let issues = issues.iter().map(|issue| IssueRow::new(issue, language)).collect();
                let refused = Refused { ok: false, line: lines.number(), issues };
                serde_json::to_writer(&mut output, &refused)?;
            }
        }
        output.write_all(b"\n")?;
    }
    output.flush()?;
    if seen {
        Ok(outcome)
    } else {
        Err(Failure::Message(
            "nothing on standard input. Send one JSON draft a line, such as \
             {\"lines\":[{\"sku\":\"85123A\",\"quantity\":\"2\"}]}"
                .to_owned(),
        ))
    }
}

/// Each step as a line, then what is in reach; an empty line ends the draft.
fn explained(
    output: &mut impl Write,
    quote: &Quote,
    offers: &[Offer],
    rules: &Rules,
    language: Language,
) -> io::Result<()> {
    for told in explain(quote, rules, language) {
        writeln!(output, "{}", told.sentence)?;
    }
    for offer in offers {
        writeln!(output, "→ {}", offer.sentence)?;
    }
    Ok(())
}

fn answer(
    text: &[u8],
    rules: &Rules,
    context: &Context,
    task: Task,
) -> Result<Accepted, Vec<Issue>> {
    let draft: Draft = json::read(text).map_err(|issue| vec![issue])?;
    match task {
        Task::Quote => match quote(&draft, rules, context) {
            Ok(quote) => Ok(Accepted { ok: true, quote: Some(quote), draft }),
            Err(refusal) => Err(refusal.issues),
        },
        Task::Validate => {
            let issues = validate(&draft, rules, context);
            if issues.is_empty() {
                Ok(Accepted { ok: true, quote: None, draft })
            } else {
                Err(issues)
            }
        }
    }
}
