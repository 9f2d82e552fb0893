//! Places in the document.

/// A place in the document, told by the one around it.
///
/// Most rulesets have no fault, so a path is written only for a finding: a text at each check would be most of the module.
pub(super) struct Place<'p> {
    around: Option<&'p Place<'p>>,
    field: &'static str,
    index: Option<usize>,
}

impl Place<'_> {
    /// The whole document.
    pub const DOCUMENT: Self = Place { around: None, field: "", index: None };

    /// A field of this place, or one further in: `when/minimumMinor`.
    pub fn field(&self, field: &'static str) -> Place<'_> {
        Place { around: Some(self), field, index: None }
    }

    /// An item of a list; of this place itself if the field has no name.
    pub fn item(&self, field: &'static str, index: usize) -> Place<'_> {
        Place { around: Some(self), field, index: Some(index) }
    }

    /// The JSON Pointer of a field of this place, or of the place itself if the field has no name.
    pub fn path(&self, field: &str) -> String {
        let mut path = String::new();
        self.write(&mut path);
        push(&mut path, field);
        path
    }

    fn write(&self, path: &mut String) {
        if let Some(around) = self.around {
            around.write(path);
        }
        push(path, self.field);
        if let Some(index) = self.index {
            push(path, &index.to_string());
        }
    }
}

fn push(path: &mut String, step: &str) {
    if !step.is_empty() {
        path.push('/');
        path.push_str(step);
    }
}
