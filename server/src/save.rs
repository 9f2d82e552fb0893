//! Putting rules in force: checked by the same code that prices with them.

use orderkit::{
    Code, Issue, Refusal, Rules,
    lint::{Finding, Severity, lint},
};
use serde::Serialize;

use crate::{
    app::App,
    error::Error,
    store::{StoredRules, Transaction},
};

/// Who saves rules, and what they know.
#[derive(Clone, Copy, Debug)]
pub struct Saving<'a> {
    /// The user.
    pub user: &'a str,
    /// The digest of the rules that were edited, where the caller wants them to be still in force.
    pub base: Option<&'a str>,
    /// Whether what the linter warns of is meant.
    pub accept_warnings: bool,
}

/// The rules that are in force now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Replaced {
    /// The shop's name for them.
    pub version: String,
    /// Their digest.
    pub digest: String,
    /// Whether these are other rules than before.
    pub changed: bool,
}

impl App {
    /// Puts rules in force as the operator wishes, and says whether they are other ones than before.
    ///
    /// # Errors
    ///
    /// 422 if the document is not one of usable rules, or its version names other rules already.
    pub async fn put_rules(&self, tenant: &str, document: &[u8]) -> Result<Replaced, Error> {
        let rules = self.checked(document, None)?;
        self.put_in_force(tenant, rules, None).await
    }

    /// Saves rules that somebody edited.
    ///
    /// # Errors
    ///
    /// 422 with all findings if the rules cannot be used, or the linter warns and that was not
    /// accepted; 422 if another version has the name; 409 if the rules in force are not those that
    /// were edited.
    pub async fn save_rules(
        &self,
        tenant: &str,
        document: &[u8],
        saving: &Saving<'_>,
    ) -> Result<Replaced, Error> {
        let rules = self.checked(document, Some(saving.user))?;
        self.lint(document, saving.accept_warnings)?;
        self.put_in_force(tenant, rules, saving.base).await
    }

    fn lint(&self, document: &[u8], accept_warnings: bool) -> Result<(), Error> {
        let findings = lint(&Rules::from_json(document)?, self.now_ms());
        let has = |severity| findings.iter().any(|it: &Finding| it.severity == severity);
        if has(Severity::Error) || (has(Severity::Warning) && !accept_warnings) {
            return Err(Error::Findings(findings));
        }
        Ok(())
    }

    async fn put_in_force(
        &self,
        tenant: &str,
        rules: StoredRules,
        base: Option<&str>,
    ) -> Result<Replaced, Error> {
        let (version, digest) = (rules.version.clone(), rules.digest.clone());
        let mut transaction = self.store.write(tenant).await?;
        transaction.head(tenant).await?.ok_or(Error::TokenForbids)?;
        let current = transaction.current_digest(tenant).await?;
        if current.as_ref() == Some(&digest) {
            // Whoever put them in force may still wait for the disk.
            transaction.commit().await?;
            return Ok(Replaced { version, digest, changed: false });
        }
        if base.is_some() && current.as_deref() != base {
            return Err(outdated(&mut transaction, tenant).await?);
        }
        let earlier = transaction.rules_of_version(tenant, &version).await?;
        if earlier.is_some_and(|earlier| earlier.digest != digest) {
            // Orders keep the name of the version they were priced with: it must stay true.
            let issue = Issue::new(Code::VersionTaken, "/version").with("version", version);
            return Err(Error::Refused(Refusal::from(issue)));
        }
        transaction.put_rules(tenant, &rules).await?;
        transaction.commit().await?;
        self.pokes.send_again(tenant);
        Ok(Replaced { version, digest, changed: true })
    }

    /// The document as it is stored: word for word, since its digest is over what is written.
    pub(crate) fn checked(
        &self,
        document: &[u8],
        user: Option<&str>,
    ) -> Result<StoredRules, Error> {
        let rules = Rules::from_json(document)?;
        Ok(StoredRules {
            version: rules.ruleset().version.clone(),
            digest: rules.digest().to_owned(),
            body: String::from_utf8_lossy(document).trim().to_owned(),
            from_ms: self.now_ms(),
            retired_ms: None,
            user: user.map(str::to_owned),
        })
    }
}

/// Who has saved what since.
async fn outdated(transaction: &mut Transaction, tenant: &str) -> Result<Error, Error> {
    let mut issue = Issue::new(Code::RulesetChanged, "");
    if let Some(current) = transaction.current_rules(tenant).await? {
        // The digest lets the page ask for what was saved, to compare.
        issue = issue.with("version", current.version).with("digest", current.digest);
        issue = issue.with("user", current.user.unwrap_or_default()).with("atMs", current.from_ms);
    }
    Ok(Error::Outdated(issue))
}
