//! Mail as it would be sent, one file a message: for trying out, and for a mail server that picks them up.

use std::{fs, path::Path};

use mail_builder::{MessageBuilder, headers::date::Date};

use crate::store::StoredNotice;

/// Writes a message into the folder. Its name is that of the notice: a second try writes the same file.
pub(super) fn write(
    folder: &Path,
    from: &str,
    id: &str,
    notice: &StoredNotice,
) -> Result<(), String> {
    let message = message(from, id, notice).map_err(|error| error.to_string())?;
    let written = || -> std::io::Result<()> {
        fs::create_dir_all(folder)?;
        // Nobody finds half a message under the name.
        let unfinished = folder.join(format!("{id}.part"));
        fs::write(&unfinished, &message)?;
        fs::rename(&unfinished, folder.join(format!("{id}.eml")))
    };
    written().map_err(|error| format!("{}: {error}", folder.display()))
}

fn message(from: &str, id: &str, notice: &StoredNotice) -> std::io::Result<Vec<u8>> {
    let domain = from.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let email = notice.email.clone().unwrap_or_default();
    let name: String = notice.name.chars().filter(|it| !it.is_control()).collect();
    MessageBuilder::new()
        .message_id(format!("{id}@{domain}"))
        .date(Date::new(notice.at_ms.div_euclid(1_000)))
        .from(from.to_owned())
        .to((name, email))
        .subject(notice.subject.as_str())
        // RFC 3834: nobody's holiday answers a machine.
        .header("Auto-Submitted", mail_builder::headers::raw::Raw::new("auto-generated"))
        .header("Content-Language", mail_builder::headers::raw::Raw::new(notice.language.as_str()))
        .text_body(notice.body.as_str())
        .write_to_vec()
}
