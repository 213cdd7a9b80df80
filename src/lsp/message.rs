//! Messages: what JSON-RPC makes of the body of a frame.

use serde::Serialize;
use serde_json::{Map, Value};

/// What a request is known by: a number, a text, or `null` where it cannot be read.
pub(super) type Id = Value;

/// A message of the client.
#[derive(Debug)]
pub(super) enum Incoming {
    Request {
        id: Id,
        method: String,
        params: Value,
    },
    Notification {
        method: String,
        params: Value,
    },
    /// An answer to a request of ours; `None` where it is an error.
    Response {
        id: Id,
        result: Option<Value>,
    },
    /// What is no message; it is answered.
    Malformed {
        id: Id,
        error: Failed,
    },
}

/// Why a request is not done.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Failed {
    pub(super) code: i32,
    pub(super) message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) data: Option<Value>,
}

pub(super) const PARSE_ERROR: i32 = -32700;
pub(super) const INVALID_REQUEST: i32 = -32600;
pub(super) const METHOD_NOT_FOUND: i32 = -32601;
pub(super) const INVALID_PARAMS: i32 = -32602;
pub(super) const INTERNAL_ERROR: i32 = -32603;
pub(super) const NOT_INITIALIZED: i32 = -32002;
pub(super) const CANCELLED: i32 = -32800;
pub(super) const CONTENT_MODIFIED: i32 = -32801;
pub(super) const SERVER_CANCELLED: i32 = -32802;
pub(super) const REQUEST_FAILED: i32 = -32803;

impl Failed {
    pub(super) fn new(code: i32, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), data: None }
    }
}

/// Reads the body of a frame.
pub(super) fn read(body: &[u8]) -> Incoming {
    let malformed = |id: Id, code: i32, message: &str| Incoming::Malformed { id, error: Failed::new(code, message) };
    // An error of the parser may show what it read, which may be a customer's words.
    let Ok(value) = serde_json::from_slice::<Value>(body) else {
        return malformed(Value::Null, PARSE_ERROR, "the body is no JSON, or nested too deep");
    };
    let Value::Object(mut map) = value else {
        return malformed(Value::Null, INVALID_REQUEST, "a message is one object; there are no batches");
    };
    let id = map.remove("id");
    let is_id = |id: &Value| id.is_string() || id.is_number();
    let params = map.remove("params").unwrap_or(Value::Null);
    match (map.remove("method"), id) {
        (Some(Value::String(method)), None) => Incoming::Notification { method, params },
        (Some(Value::String(method)), Some(id)) if is_id(&id) => Incoming::Request { id, method, params },
        (None, Some(id)) if map.contains_key("result") => Incoming::Response { id, result: map.remove("result") },
        (None, Some(id)) if map.contains_key("error") => Incoming::Response { id, result: None },
        (_, id) => {
            let id = id.filter(is_id).unwrap_or(Value::Null);
            malformed(id, INVALID_REQUEST, "this is neither a request nor a notification nor a response")
        }
    }
}

fn body(fields: impl IntoIterator<Item = (&'static str, Value)>) -> Vec<u8> {
    let mut map = Map::new();
    map.insert("jsonrpc".into(), "2.0".into());
    map.extend(fields.into_iter().map(|(key, value)| (key.to_owned(), value)));
    Value::Object(map).to_string().into_bytes()
}

/// The body of an answer.
pub(super) fn response(id: Id, result: Result<Value, Failed>) -> Vec<u8> {
    match result {
        Ok(result) => body([("id", id), ("result", result)]),
        Err(error) => body([("id", id), ("error", serde_json::to_value(error).unwrap_or_default())]),
    }
}

/// The body of a notification.
pub(super) fn notification(method: &str, params: Value) -> Vec<u8> {
    body([("method", method.into()), ("params", params)])
}

/// The body of a request of ours.
pub(super) fn request(id: i64, method: &str, params: Value) -> Vec<u8> {
    body([("id", id.into()), ("method", method.into()), ("params", params)])
}
