//! The bank's profile: everything Mambu leaves undocumented, as named settings. Nothing undocumented is decided elsewhere.

use std::time::Duration;

sim_world::choice! {
    /// What happens to quotes, backslashes and line breaks of values that go into a body.
    pub enum Escaping {
        /// They go in as they are; a quote in a name breaks the JSON.
        Raw = "raw",
        /// They are escaped as a JSON or XML text.
        Escaped = "escaped",
    }
}

sim_world::choice! {
    /// First day of the week of `THIS_WEEK`.
    pub enum WeekStart {
        /// Monday.
        Monday = "monday",
        /// Sunday.
        Sunday = "sunday",
    }
}

sim_world::profile! {
    /// What Mambu leaves undocumented about webhooks.
    pub struct Profile {
        /// Delays before the automatic retries, each counted from the failure before it. Their number is the number of retries.
        pub retry_delays: Vec<Duration> = vec![Duration::from_secs(30), Duration::from_mins(2), Duration::from_mins(8)],
            Assumed, "webhooks sheet 5.1: four attempts are documented, the delays are not";
        /// Share of each delay by which it varies at random, both ways; 0 switches it off.
        pub retry_jitter: f64 = 0.2, Assumed, "webhooks sheet 5.1: proposed schedule";
        /// Whether a 4xx answer other than 408 and 429 is retried like any other failure.
        pub retry_client_errors: bool = true, Assumed, "webhooks sheet 5.1: \"4xx retried?\"";
        /// Limit of the time to connect.
        pub connect_timeout: Duration = Duration::from_secs(5), Assumed, "webhooks sheet 5.2";
        /// Limit of the whole exchange at the first attempt.
        pub first_timeout: Duration = Duration::from_secs(10), Assumed, "webhooks sheet 5.2";
        /// Limit of the whole exchange at a retry.
        pub retry_timeout: Duration = Duration::from_secs(30), Assumed, "webhooks sheet 5.2";
        /// Whether first attempts of a template use a connection again that is open and idle.
        pub keep_alive: bool = true, Assumed, "webhooks sheet 5.5: Connection header not documented";
        /// First attempts that one template has in flight at a time.
        pub in_flight_per_template: u64 = 1, Assumed, "webhooks sheet 5.4: order guarantee";
        /// Whether requests carry `x-notifications-idempotency-key`.
        pub idempotency_key: bool = true, Documented, "webhooks sheet 5.5: present when the feature is enabled for the tenant";
        /// The `User-Agent` header; empty sends none.
        pub user_agent: String = String::new(), Assumed, "webhooks sheet 5.5: not documented";
        /// Names of headers that a template cannot set; they are dropped. A trailing `*` matches any ending.
        pub reserved_headers: Vec<String> = ["Host", "Content-Length", "Transfer-Encoding", "Connection", "x-notifications-*"].map(String::from).to_vec(),
            Assumed, "webhooks sheet 5.5: reserved names exist, the list is not published";
        /// Placeholders that may stand in a URL.
        pub url_placeholders: Vec<String> = ["ACCOUNT_ID", "TRANSACTION_ID", "RECIPIENT_ID", "ENCODED_KEY", "CLIENT_ID", "GROUP_ID"].map(String::from).to_vec(),
            Assumed, "webhooks sheet 5.6: which are allowed is not listed";
        /// Whether plain http is sent at all; refused as INVALID_HTTP_PROTOCOL otherwise.
        pub allow_http: bool = false, Documented, "webhooks sheet 5.6: non-HTTPS is rejected before dispatch";
        /// Whether private and local hosts are reached; refused as BLACKLISTED_URL otherwise.
        pub allow_private: bool = false, Documented, "webhooks sheet 5.6: private or internal hosts";
        /// Largest rendered body, in bytes.
        pub max_message_bytes: u64 = 64 * 1024, Assumed, "webhooks sheet 5.6: a limit exists, the number is not published";
        /// Most bytes of an answer that are read.
        pub max_answer_bytes: u64 = 1024 * 1024, Assumed, "webhooks sheet 5.2: nothing is said of large answers";
        /// What happens to quotes and line breaks of values in a body.
        pub escaping: Escaping = Escaping::Raw, Assumed, "webhooks sheet 4.2: no escaping is documented";
        /// How a date looks without FORMAT_DATE, as a date pattern.
        pub date_format: String = String::from("yyyy-MM-dd"), Assumed, "webhooks sheet 4.2: one documented example, 1988-12-09";
        /// How a date with time looks without FORMAT_DATE, as a date pattern in the tenant's time zone.
        pub date_time_format: String = String::from("yyyy-MM-dd'T'HH:mm:ssXXX"), Assumed, "webhooks sheet 4.2: date look";
        /// Digits after the point of an amount of money without FORMAT.
        pub money_digits: u64 = 2, Assumed, "webhooks sheet 4.2: money look";
        /// Whether EQUALS and STARTS_WITH on texts ignore case.
        pub equals_ignores_case: bool = true, Assumed, "webhooks sheet 3: evaluation";
        /// First day of the week.
        pub week_start: WeekStart = WeekStart::Monday, Assumed, "webhooks sheet 3: evaluation";
        /// Whether a change also fires the activity event of its entity (LOAN_DISBURSEMENT: LOAN_ACCOUNT_ACTIVITY).
        pub activity_events: bool = true, Assumed, "webhooks sheet 2: which events overlap is not documented";
    }
}
