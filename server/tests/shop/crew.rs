//! Several pages that work at the same time, while servers come and go.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
};

use orderkit::client::Step;

use super::page::{Page, pause};

/// Commands that wait on a page before it enters no more.
const MOST_WAITING: usize = 12;

/// Pages at work.
pub struct Crew {
    addresses: Arc<Mutex<Vec<String>>>,
    is_over: Arc<AtomicBool>,
    pages: Vec<JoinHandle<Page>>,
}

impl Crew {
    /// Lets pages work on the servers of these addresses, each request on another one.
    pub fn start(pages: Vec<Page>, addresses: Vec<String>) -> Self {
        let addresses = Arc::new(Mutex::new(addresses));
        let is_over = Arc::new(AtomicBool::new(false));
        let pages = pages.into_iter().map(|page| {
            let (addresses, is_over) = (Arc::clone(&addresses), Arc::clone(&is_over));
            thread::spawn(move || work(page, &addresses, &is_over))
        });
        let pages = pages.collect();
        Self { addresses, is_over, pages }
    }

    /// A server has another address now.
    pub fn moved(&self, index: usize, address: String) {
        self.addresses.lock().unwrap()[index] = address;
    }

    /// Nothing new is entered; all that waits is sent.
    pub fn finish(self) -> Vec<Page> {
        self.is_over.store(true, Ordering::SeqCst);
        self.pages.into_iter().map(|page| page.join().unwrap()).collect()
    }
}

fn work(mut page: Page, addresses: &Mutex<Vec<String>>, is_over: &AtomicBool) -> Page {
    let pick = |page: &mut Page| {
        let addresses = addresses.lock().unwrap();
        addresses[page.chance.below(addresses.len())].clone()
    };
    while !is_over.load(Ordering::SeqCst) {
        while page.waiting() < MOST_WAITING && page.chance.below(3) > 0 {
            if page.orders.is_empty() || page.chance.below(2) == 0 {
                page.place();
            } else {
                page.note();
            }
        }
        let address = pick(&mut page);
        match page.exchange(&address) {
            Step::Rest | Step::Again => {}
            Step::Offline { wait_ms } | Step::Later { wait_ms, .. } => pause(wait_ms),
            step => panic!("nothing here is refused as a whole: {step:?}"),
        }
    }
    let address = pick(&mut page);
    page.drain(&address);
    page
}
