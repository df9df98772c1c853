//! The fake bank at work: takes changes, asks every template, makes messages and brings them to their destinations.
//!
//! Only carries bytes and time; every decision is made elsewhere ([`verdict`](crate::verdict), [`render`](crate::render),
//! [`delivery`](crate::delivery)). Knows nothing of MPO.

mod control;
mod ready;
mod resend;
mod words;

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use sim_world::http::{ExchangeLimits, Line, Peer, exchange_told};
use sim_world::{Held, Hold, Instant, Journal, Random, World};

use crate::bank::{Bank, Change, ChangeErrors, Kind};
use crate::delivery::destination::{Address, Destination};
use crate::delivery::request::{Dress, IdempotencyKey};
use crate::delivery::retry;
use crate::event::Event;
use crate::format::push_digits;
use crate::happening::{EventId, Happening};
use crate::message::{Failure, FailureReason, Message, MessageId};
use crate::profile::Profile;
use crate::render::Plan;
use crate::scene::{Role, Scene, api_time};
use crate::template::{Authorization, Template};
use crate::url::Url;
use crate::value::Value;
use crate::verdict::decide;

pub use resend::{Record, StoredMessage};

/// Everything that can be set up about a tenant.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// The tenant's host name.
    pub tenant: String,
    /// The tenant's time zone.
    pub time_zone: TimeZone,
    /// Webhook Communications (documented: webhooks sheet 1.3).
    pub webhooks_enabled: bool,
    /// Notification templates.
    pub templates: Vec<Template>,
    /// Values that every event gives, by placeholder or condition field.
    pub values: BTreeMap<String, Value>,
    /// What Mambu leaves undocumented.
    pub profile: Profile,
}

impl Default for Configuration {
    /// An enabled tenant in UTC without templates.
    fn default() -> Self {
        Self {
            tenant: "tenant.mambu.com".into(),
            time_zone: TimeZone::UTC,
            webhooks_enabled: true,
            templates: Vec::new(),
            values: BTreeMap::new(),
            profile: Profile::default(),
        }
    }
}

/// The fake bank. Clones are handles on the same bank.
#[derive(Clone)]
pub struct Mambu(Rc<Inner>);

struct Inner {
    world: World,
    journal: Journal<Happening>,
    state: RefCell<State>,
}

struct State {
    bank: Bank,
    setup: Rc<Setup>,
    lanes: BTreeMap<Arc<str>, Lane>,
    events: u64,
    messages: u64,
    /// The newest moment that was written as a text, for every message of an event.
    written: (Instant, Arc<str>),
    /// Space for the name of a message.
    name: String,
    live: control::Live,
}

/// A configuration with everything prepared that messages need.
struct Setup {
    configuration: Configuration,
    /// In the order of the configuration's templates.
    prepared: Vec<Prepared>,
    by_id: HashMap<Arc<str>, usize>,
}

struct Prepared {
    id: Arc<str>,
    plan: Plan,
    dress: Dress,
    /// Where its messages go, if that is the same for all of them.
    address: Option<Address>,
}

impl Setup {
    fn new(configuration: Configuration) -> Self {
        let prepared: Vec<_> = configuration
            .templates
            .iter()
            .map(|template| {
                let plan = Plan::compile(template, &configuration.profile);
                Prepared {
                    id: template.id.as_str().into(),
                    address: plan.constant_url().map(|url| Url::from(url).into()),
                    plan,
                    dress: Dress::new(&template.authorization, &template.headers, &configuration.profile),
                }
            })
            .collect();
        let mut by_id = HashMap::new();
        for (index, prepared) in prepared.iter().enumerate() {
            by_id.entry(Arc::clone(&prepared.id)).or_insert(index);
        }
        Self {
            configuration,
            prepared,
            by_id,
        }
    }

    fn at(&self, place: usize) -> Option<Known<'_>> {
        Some(Known {
            place,
            template: self.configuration.templates.get(place)?,
            prepared: self.prepared.get(place)?,
        })
    }

    fn find(&self, template: &str) -> Option<Known<'_>> {
        self.at(*self.by_id.get(template)?)
    }

    /// As [`find`](Self::find), at the place where it was when the setup was made that `template` is from.
    fn find_at(&self, place: usize, template: &Arc<str>) -> Option<Known<'_>> {
        let there = self.at(place);
        there
            .filter(|known| Arc::ptr_eq(&known.prepared.id, template))
            .or_else(|| self.find(template))
    }
}

/// A template of the setup.
#[derive(Clone, Copy)]
struct Known<'a> {
    /// Its place among the templates.
    place: usize,
    template: &'a Template,
    prepared: &'a Prepared,
}

/// The first attempts of one template: in order of creation, a few at a time.
#[derive(Default)]
struct Lane {
    queue: VecDeque<Job>,
    running: u64,
    /// A connection that is kept for the next message.
    kept: Option<Line>,
    /// The millisecond of the newest message, and how many there were in it.
    newest: (u128, u32),
}

impl Lane {
    /// Counts the messages of a moment.
    fn count(&mut self, now: Instant) -> u32 {
        let (newest, count) = self.newest;
        // As exact as an instant is written: in real time two messages can share a millisecond, and no name.
        let millis = now.since_start().as_millis();
        self.newest = (millis, if newest == millis { count + 1 } else { 1 });
        self.newest.1
    }
}

/// Names a message for its streams of randomness: by template and moment, so that one more event elsewhere does not shift
/// the randomness of this one.
struct Subject {
    moment: Arc<str>,
    /// Which one of this moment, from 1.
    count: u32,
}

impl Subject {
    /// A stream of a message of a template. `name` is space to write the message's name.
    fn random(&self, world: &World, component: &str, template: &str, name: &mut String) -> Random {
        name.clear();
        name.extend([template, " ", &*self.moment, " "]);
        push_digits(name, self.count.into(), 1);
        world.random(component, name)
    }
}

/// A message that is not in its final state.
struct Job {
    message: Message,
    /// Where its template was when it was made.
    place: usize,
    key: Option<IdempotencyKey>,
    subject: Subject,
    /// For the delays of its retries, from the first one on.
    random: Option<Box<Random>>,
    hold: Hold,
    era: u64,
}

impl Mambu {
    /// A bank in a world.
    pub fn new(world: &World, bank: Bank, configuration: Configuration) -> Self {
        Self(Rc::new(Inner {
            world: world.clone(),
            journal: Journal::new(world),
            state: RefCell::new(State {
                bank,
                setup: Rc::new(Setup::new(configuration)),
                lanes: BTreeMap::new(),
                events: 0,
                messages: 0,
                written: (Instant::ZERO, Instant::ZERO.to_string().into()),
                name: String::new(),
                live: control::Live::default(),
            }),
        }))
    }

    /// What happened so far.
    pub fn journal(&self) -> &Journal<Happening> {
        &self.0.journal
    }

    /// Sets the tenant up anew. Messages keep their body and destination, and take headers and credentials from the
    /// new setup (assumed: webhooks sheet 5.1, said there of a resend).
    pub fn configure(&self, configuration: Configuration) {
        self.0.state.borrow_mut().setup = Rc::new(Setup::new(configuration));
    }

    /// Lays records over the bank's, without an event: fields that they name change, everything else stays as events have
    /// left it.
    pub fn lay_over(&self, records: &[(Kind, Value)]) {
        let bank = &mut self.0.state.borrow_mut().bank;
        for (kind, record) in records {
            bank.lay_over(*kind, record.clone());
        }
    }

    /// Lets something happen in the bank. Messages that follow from it go out by themselves.
    ///
    /// # Errors
    /// When the change cannot happen; pointers lead into the change.
    pub fn emit(&self, change: &Change) -> Result<EventId, ChangeErrors> {
        let setup = Rc::clone(&self.0.state.borrow().setup);
        let now = self.0.world.now();
        let moment = self.0.world.wall_clock(now);
        let (id, scene) = {
            let mut state = self.0.state.borrow_mut();
            let mut change = change.clone();
            for (name, value) in &setup.configuration.values {
                change.values.entry(name.clone()).or_insert_with(|| value.clone());
            }
            let scene = state
                .bank
                .change(&change, moment, &setup.configuration.time_zone)?;
            state.events += 1;
            (EventId(state.events), scene)
        };
        let happening = Happening::Event {
            id,
            event: change.event,
            about: words::about(&scene),
        };
        self.0.journal.record_at(now, happening);
        let activity = follow_up(&scene, &setup.configuration.profile);
        for known in (0..setup.prepared.len()).filter_map(|place| setup.at(place)) {
            let scene = match &activity {
                Some(activity) if known.template.event == activity.event => activity,
                _ => &scene,
            };
            self.consider(now, id, &setup, known, scene);
        }
        Ok(id)
    }

    fn consider(&self, now: Instant, id: EventId, setup: &Setup, known: Known<'_>, scene: &Scene) {
        let verdict = decide(known.template, scene, &setup.configuration.profile);
        let fires = verdict.fires();
        let considered = Happening::Considered {
            id,
            event: scene.event,
            template: Arc::clone(&known.prepared.id),
            verdict,
        };
        self.0.journal.record_at(now, considered);
        if !fires {
            return;
        }
        let message = self.make(known, scene);
        self.dispatch(now, Some(id), message, setup, known);
    }

    /// Writes down that a message was made and brings it on its way.
    fn dispatch(&self, now: Instant, id: Option<EventId>, message: Message, setup: &Setup, known: Known<'_>) {
        let dress = &known.prepared.dress;
        let created = Happening::Created {
            id,
            message: message.id,
            template: Arc::clone(&message.template),
            request_type: message.request_type,
            content_type: message.content_type,
            destination: Arc::clone(message.destination.masked()),
            authorization: match known.template.authorization {
                Authorization::None if dress.authorization().is_some() => "Authorization header",
                Authorization::None => "no authorization",
                Authorization::Basic { .. } => "Basic",
            },
            headers: Arc::clone(dress.names()),
            body: message.body.clone(),
        };
        self.0.journal.record_at(now, created);
        if !setup.configuration.webhooks_enabled {
            // assumed: webhooks sheet 1.3, the message is made and fails at once.
            let failure = Failure::new(FailureReason::WebhookNotificationsDisabled, "");
            self.end(now, message.id, Err(failure));
            return;
        }
        self.send(now, message, known.place, &setup.configuration.profile);
    }

    fn make(&self, known: Known<'_>, scene: &Scene) -> Message {
        let Known {
            template, prepared, ..
        } = known;
        let mut state = self.0.state.borrow_mut();
        state.messages += 1;
        let body = prepared.plan.body(scene);
        Message {
            id: MessageId(state.messages),
            template: Arc::clone(&prepared.id),
            event: scene.event,
            request_type: template.request_type,
            content_type: template.content_type,
            destination: match &prepared.address {
                Some(address) => address.clone(),
                None => Url::from(prepared.plan.url(scene)).into(),
            },
            malformed: body.check().err(),
            body: body.into(),
        }
    }

    /// Puts a message into its template's lane.
    fn send(&self, now: Instant, message: Message, place: usize, profile: &Profile) {
        let mut state = self.0.state.borrow_mut();
        let state = &mut *state;
        let era = state.live.era();
        if state.written.0 != now {
            state.written = (now, now.to_string().into());
        }
        let template = Arc::clone(&message.template);
        let lane = state.lanes.entry(Arc::clone(&template)).or_default();
        let subject = Subject {
            moment: Arc::clone(&state.written.1),
            count: lane.count(now),
        };
        let key = profile.idempotency_key.then(|| {
            let (component, name) = ("mambu.idempotency-key", &mut state.name);
            IdempotencyKey::new(&mut subject.random(&self.0.world, component, &template, name))
        });
        let job = Job {
            key,
            subject,
            random: None,
            hold: self.0.world.hold(Held::Numbered("message", message.id.0)),
            era,
            place,
            message,
        };
        lane.queue.push_back(job);
        if lane.running < profile.in_flight_per_template.max(1) {
            lane.running += 1;
            self.0.world.spawn(self.clone().work_off(template, era));
        }
    }

    /// Makes first attempts until the lane is empty. Retries go their own way and block nothing.
    async fn work_off(self, template: Arc<str>, era: u64) {
        let mut kept = self.take_kept(&template);
        loop {
            let mut job = {
                let mut state = self.0.state.borrow_mut();
                if state.live.era() != era {
                    return;
                }
                // Its lane is there until the era ends.
                let Some(lane) = state.lanes.get_mut(&template) else {
                    return;
                };
                let Some(job) = lane.queue.pop_front() else {
                    lane.running -= 1;
                    lane.kept = kept;
                    return;
                };
                job
            };
            if let Some(delay) = self.attempt(&mut job, &mut kept, 1).await {
                self.0.world.spawn(self.clone().retry(job, delay));
            }
        }
    }

    /// The connection that the lane kept from its last message.
    fn take_kept(&self, template: &str) -> Option<Line> {
        self.0.state.borrow_mut().lanes.get_mut(template)?.kept.take()
    }

    async fn retry(self, mut job: Job, mut delay: Duration) {
        let mut attempt = 2;
        loop {
            self.0.world.sleep(delay).await;
            match self.attempt(&mut job, &mut None, attempt).await {
                Some(next) => delay = next,
                None => return drop(job.hold),
            }
            attempt += 1;
        }
    }

    /// Makes one attempt and says when the next one is due; `None` when the message is in its final state.
    async fn attempt(&self, job: &mut Job, line: &mut Option<Line>, attempt: u32) -> Option<Duration> {
        let setup = Rc::clone(&self.0.state.borrow().setup);
        let profile = &setup.configuration.profile;
        let message = &job.message;
        if !self.may_attempt(job) {
            return None;
        }
        let ready = {
            let neighbours = &self.0.state.borrow().live.neighbours;
            ready::ready(&setup, neighbours, job)
        };
        let request = match ready {
            Ok(ready) => ready,
            Err(failure) => {
                self.end(self.0.world.now(), message.id, Err(failure));
                return None;
            }
        };
        let limits = ExchangeLimits {
            connect: profile.connect_timeout,
            whole: retry::timeout(profile, attempt),
            answer_bytes: usize::try_from(profile.max_answer_bytes).unwrap_or(usize::MAX),
        };
        if !profile.keep_alive {
            *line = None;
        }
        self.attempt_begins(job);
        let destination = message.destination.destination().ok();
        let peer = Peer {
            host: destination.map_or("", |found| &found.authority),
            tls: destination.is_some_and(Destination::is_https),
        };
        let told = |exchange| self.goes_out(job, exchange);
        let outcome = exchange_told(&self.0.world, line, peer, request, limits, told).await;
        if !self.attempt_ends(job) {
            return None;
        }
        let (status, result) = match outcome.result {
            Ok(answer) if answer.status.is_success() => {
                (Some(answer.status.as_u16()), Ok(answer.status.as_u16()))
            }
            Ok(answer) => (
                Some(answer.status.as_u16()),
                Err(Failure::new(
                    FailureReason::InvalidHttpResponse,
                    words::cause(&answer),
                )),
            ),
            Err(error) => (
                None,
                Err(Failure::new(
                    FailureReason::HttpErrorWhileSending,
                    error.to_string(),
                )),
            ),
        };
        let next = match &result {
            Err(failure) if retry::is_retryable(profile, failure, status) => {
                let (component, template) = ("mambu.retry", &message.template);
                let random = || {
                    let name = &mut String::new();
                    Box::new(job.subject.random(&self.0.world, component, template, name))
                };
                retry::next_delay(profile, attempt, job.random.get_or_insert_with(random))
            }
            _ => None,
        };
        let attempted = Happening::Attempted {
            message: message.id,
            attempt,
            began: outcome.began,
            exchange: outcome.exchange,
            status,
            result: result.clone(),
            next,
        };
        // Nothing was waited for since.
        self.0.journal.record_at(outcome.ended, attempted);
        if next.is_none() {
            self.end(outcome.ended, message.id, result.map(|_| ()));
        }
        next
    }

    fn end(&self, now: Instant, message: MessageId, result: Result<(), Failure>) {
        self.0
            .journal
            .record_at(now, Happening::Ended { message, result });
    }
}

/// The activity that goes along with a change, as templates see it.
fn follow_up(scene: &Scene, profile: &Profile) -> Option<Scene> {
    let (event, activity) = scene.event.activity().filter(|_| profile.activity_events)?;
    let now = api_time(&scene.moment);
    let record = crate::bank::change::activity_record(activity, &now);
    Some(scene.seen_as(event).with(Role::Activity, record))
}

/// The kind of record a fixture's word means.
pub fn kind_of(word: &str) -> Option<Kind> {
    Kind::WORDS
        .iter()
        .find(|(_, one, _)| *one == word)
        .map(|(kind, ..)| *kind)
}

/// The events a template may also see because of `event` (an activity beside a change).
pub fn seen_as(event: Event, profile: &Profile) -> impl Iterator<Item = Event> {
    let activity = event
        .activity()
        .filter(|_| profile.activity_events)
        .map(|(activity, _)| activity);
    std::iter::once(event).chain(activity)
}
