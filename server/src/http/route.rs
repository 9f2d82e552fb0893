//! A route with everything that is known of it. There is no way to make one without saying what it is for and what it
//! answers, so that router and documentation cannot differ.

use std::sync::Arc;

use axum::{
    Router,
    handler::Handler,
    middleware,
    routing::{MethodRouter, delete as on_delete, get as on_get, post as on_post, put as on_put},
};
use orderkit::Code;
use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::{
    door::{self, Door},
    limits::{DOCUMENT_BODY, LARGE_BODY, SMALL_BODY},
};
use crate::app::App;

/// The schema of a type, as a reference.
pub(super) type Make = fn(&mut SchemaGenerator) -> Schema;

/// A route and who answers it.
pub(super) struct Route {
    pub about: About,
    handler: MethodRouter<App>,
}

/// What is known of a route.
#[derive(Debug)]
pub(super) struct About {
    pub method: &'static str,
    pub path: &'static str,
    pub summary: &'static str,
    pub who: Who,
    pub group: Group,
    /// Bytes of its body at most, after unpacking.
    pub size: usize,
    pub repeat: Repeat,
    pub query: Option<Make>,
    pub body: Option<Make>,
    pub answer: Reply,
    /// Codes that it refuses with beside those of every route of its kind, by status.
    pub refusals: Vec<(u16, Code)>,
    /// Whether the rules may refuse, with any code of theirs.
    pub is_judged: bool,
}

/// Who may call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// Without a token.
    Anybody,
    /// A payment provider, by its signature.
    Provider,
    /// A user, or a buyer with a token for this one order.
    Buyer,
    /// Every user; customers for what is theirs.
    User,
    /// Staff and administrators.
    Staff,
    /// Administrators.
    Admin,
}

/// Which limits count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    /// None: whoever watches over the server asks.
    Health,
    Documents,
    Sync,
    Stream,
    Webhook,
}

/// What happens if the same request comes again, because its answer was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repeat {
    /// It only reads.
    Reads,
    /// The same again; why.
    Same(&'static str),
    /// It is known by its `Idempotency-Key` and not done twice.
    Key,
}

/// What a good answer is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Reply {
    Json(u16, Make),
    /// JSON of a form that is not ours to describe.
    AnyJson,
    Empty(u16),
    EventStream,
}

/// A route that has not said yet what it answers.
pub(super) struct Unanswered {
    about: About,
    handler: MethodRouter<App>,
}

macro_rules! verbs {
    ($($name:ident $on:ident $method:literal $repeat:expr,)*) => {$(
        pub(super) fn $name<H, T>(path: &'static str, handler: H, who: Who, summary: &'static str) -> Unanswered
        where
            H: Handler<T, App>,
            T: 'static,
        {
            Unanswered::new($method, path, $on(handler), who, summary, $repeat)
        }
    )*};
}

verbs! {
    get on_get "GET" Repeat::Reads,
    // Each of these says by itself what becomes of a repetition.
    post on_post "POST" Repeat::Reads,
    put on_put "PUT" Repeat::Same("it sets what it says"),
    delete on_delete "DELETE" Repeat::Same("what is gone stays gone"),
}

impl Unanswered {
    fn new(
        method: &'static str,
        path: &'static str,
        handler: MethodRouter<App>,
        who: Who,
        summary: &'static str,
        repeat: Repeat,
    ) -> Self {
        let about = About {
            method,
            path,
            summary,
            who,
            group: Group::Documents,
            size: SMALL_BODY,
            repeat,
            query: None,
            body: None,
            answer: Reply::AnyJson,
            refusals: Vec::new(),
            is_judged: false,
        };
        Self { about, handler }
    }

    pub fn group(mut self, group: Group) -> Self {
        self.about.group = group;
        self
    }

    /// Its parameters after the question mark.
    pub fn query<T: JsonSchema>(mut self) -> Self {
        self.about.query = Some(|generator| generator.root_schema_for::<T>());
        self
    }

    /// A body with a few fields.
    pub fn takes<T: JsonSchema>(mut self) -> Self {
        self.about.body = Some(|generator| generator.subschema_for::<T>());
        self
    }

    /// A body as large as an order, or an edit of one.
    pub fn takes_document<T: JsonSchema>(mut self) -> Self {
        self.about.size = DOCUMENT_BODY;
        self.takes::<T>()
    }

    /// A body as large as a batch, or all rules of a shop.
    pub fn takes_large<T: JsonSchema>(mut self) -> Self {
        self.about.size = LARGE_BODY;
        self.takes::<T>()
    }

    /// A second time is known by the `Idempotency-Key` header.
    pub fn once(mut self) -> Self {
        self.about.repeat = Repeat::Key;
        self
    }

    /// A second time does no harm; why.
    pub fn harmless(mut self, why: &'static str) -> Self {
        self.about.repeat = Repeat::Same(why);
        self
    }

    /// 422 with any code of the rules.
    pub fn judged(mut self) -> Self {
        self.about.is_judged = true;
        self
    }

    pub fn refuses(mut self, status: u16, code: Code) -> Self {
        self.about.refusals.push((status, code));
        self
    }

    pub fn answers<T: JsonSchema>(self) -> Route {
        self.reply(Reply::Json(200, |generator| generator.subschema_for::<T>()))
    }

    /// 201, also when it is repeated.
    pub fn creates<T: JsonSchema>(self) -> Route {
        self.reply(Reply::Json(201, |generator| generator.subschema_for::<T>()))
    }

    pub fn reply(self, answer: Reply) -> Route {
        let Self { about, handler } = self;
        Route { about: About { answer, ..about }, handler }
    }
}

/// The router of all routes, each behind its own door.
pub(super) fn router(app: &App, routes: Vec<Route>) -> Router<App> {
    routes.into_iter().fold(Router::new(), |router, Route { about, handler }| {
        let path = about.path;
        let door = Door { app: app.clone(), about: Arc::new(about) };
        router.route(path, handler.layer(middleware::from_fn_with_state(door, door::pass)))
    })
}
