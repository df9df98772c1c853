//! What the vendor leaves open about taking tasks in, as named settings.
//!
//! A setting says what it means, how sure its default is and where that stands; the decisions themselves are elsewhere.

use sim_world::{choice, profile};

choice! {
    /// What happens to a body `{"ops":[{"type":"create","obj":"task","data":{…}}]}` on a direct URL.
    pub enum OpsEnvelope {
        /// Each op becomes a task: its `data` the data, its `ref` the reference.
        Unwrap = "unwrap",
        /// The envelope is the data, like any other body.
        Raw = "raw",
    }
}

choice! {
    /// What happens to a body that is a JSON array.
    pub enum ArrayBody {
        /// It is an incorrect body.
        Reject = "reject",
        /// It becomes `{"__conveyor_api_array__":[…]}`.
        Wrap = "wrap",
    }
}

choice! {
    /// What happens to a request without a body.
    pub enum EmptyBody {
        /// It starts a task with the data `{}`.
        Accept = "accept",
        /// It is an incorrect body.
        Reject = "reject",
    }
}

choice! {
    /// The shape of `ops` in the reply to a single task.
    pub enum ReplyOps {
        /// `"ops":{…}`
        Object = "object",
        /// `"ops":[{…}]`
        Array = "array",
    }
}

profile! {
    /// What the vendor leaves open about direct URLs, Start-node authorization and limits.
    pub struct Profile {
        /// HTTP status of "Access denied" by the Start node: 403, 401 (then with WWW-Authenticate) or 200.
        pub access_denied_status: u64 = 403, Assumed, "receiver sheet 1.6";
        /// The WWW-Authenticate header that goes with status 401.
        pub www_authenticate: String = r#"Basic realm="corezoid""#.to_owned(), Assumed, "receiver sheet 1.6";
        /// Whether secret variables work in the user and password of a Start node.
        pub secret_variables_in_basic: bool = true, Assumed, "receiver sheet 1.7";
        /// Whether a link works under /api/1/ and /api/2/ alike, or under its own version only.
        pub either_api_version: bool = true, Assumed, "receiver sheet 1.1: both are seen for one kind of link";
        /// The HTTP methods a direct URL takes.
        pub methods: Vec<String> = vec!["POST".to_owned()], Assumed, "receiver sheet 1.3: POST is documented, others not";
        /// HTTP status for any other method.
        pub method_not_allowed_status: u64 = 405, Assumed, "receiver sheet 1.3: documented for the signed API";
        /// HTTP status for a path that is no direct URL.
        pub unknown_path_status: u64 = 404, Assumed, "not in the receiver sheet";
        /// HTTP status for a process or an alias that does not exist, an alias that leads nowhere, or a deleted process.
        pub unknown_process_status: u64 = 404, Assumed, "receiver sheet 1.5 and 1.8";
        /// HTTP status for a wrong hash.
        pub wrong_hash_status: u64 = 403, Assumed, "receiver sheet 1.5";
        /// HTTP status when the direct URL is switched off.
        pub direct_url_off_status: u64 = 403, Assumed, "receiver sheet 1.5";
        /// The largest HTTP body in bytes.
        pub max_body: u64 = 16 << 20, Observed, "receiver sheet 1.5 and 4: client_max_body_size of the stock nginx";
        /// HTTP status for a larger body.
        pub body_too_large_status: u64 = 413, Assumed, "receiver sheet 1.5";
        /// What happens to an ops envelope; its `conv_id` is ignored in either case.
        pub ops_envelope: OpsEnvelope = OpsEnvelope::Unwrap, Assumed, "receiver sheet 1.3: documented once, doubtful since";
        /// The most ops of one envelope; more are an incorrect body.
        pub max_ops: u64 = 1000, Assumed, "receiver sheet 3.3: limited by licence, the number is not published";
        /// What happens to a body that is a JSON array.
        pub array_body: ArrayBody = ArrayBody::Reject, Assumed, "receiver sheet 1.3";
        /// What happens to an empty body.
        pub empty_body: EmptyBody = EmptyBody::Accept, Assumed, "receiver sheet 1.3";
        /// HTTP status for an incorrect body.
        pub incorrect_body_status: u64 = 400, Assumed, "receiver sheet 1.3: documented for the signed API";
        /// HTTP status for a reference that is empty, too long, or neither string nor number.
        pub invalid_reference_status: u64 = 200, Assumed, "receiver sheet 3.2: documented for the signed API";
        /// HTTP status for a reference that an active task of the process holds.
        pub duplicate_reference_status: u64 = 200, Assumed, "receiver sheet 1.5";
        /// The largest task data in bytes, as it was sent.
        pub max_task_size: u64 = 128_000, Assumed, "receiver sheet 4: the manual's number, newer files have larger ones";
        /// HTTP status for a larger task.
        pub task_too_large_status: u64 = 200, Assumed, "receiver sheet 1.5";
        /// The most tasks of one process outside final nodes.
        pub max_tasks_per_process: u64 = 100_000, Documented, "receiver sheet 4";
        /// HTTP status when a process has that many.
        pub too_many_tasks_status: u64 = 200, Assumed, "not in the receiver sheet";
        /// How many tasks in final nodes are kept; the oldest go first.
        pub max_finished_tasks: u64 = 100_000, Assumed, "receiver sheet 2: an archive is kept for a month, no number";
        /// HTTP status of a paused process.
        pub paused_status: u64 = 200, Assumed, "receiver sheet 1.5";
        /// HTTP status of a process without a deployed version.
        pub never_deployed_status: u64 = 200, Assumed, "receiver sheet 1.5";
        /// Whether a reply repeats the reference it was given, or says null.
        pub echo_ref: bool = true, Assumed, "receiver sheet 1.4";
        /// The shape of `ops` in the reply to a single task; several always get an array.
        pub reply_ops: ReplyOps = ReplyOps::Object, Observed, "receiver sheet 1.4";
        /// HTTP status for XML and NVP links, whose bodies this simulator does not read yet.
        pub format_not_supported_status: u64 = 501, Assumed, "this simulator's own answer";
    }
}
