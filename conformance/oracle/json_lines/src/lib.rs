//! What every oracle shares: the JSON-lines loop, the table of types it can encode and decode, and reading of JSON fields.

mod fields;
pub mod program;

pub use fields::{bytes, field, hex_string, list, number, optional, text};
pub use hex::encode as to_hex;
pub use serde_json::{Map, Value, json};

use std::collections::BTreeMap;
use std::io::{BufRead, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Why an oracle gives no result.
#[derive(Debug)]
pub enum Refusal {
    /// The official crate refused, or the request makes no sense.
    Error(String),
    /// The official crate cannot express this at all.
    Unsupported(String),
}

pub type Answer<T> = Result<T, Refusal>;

impl<E: std::error::Error> From<E> for Refusal {
    fn from(error: E) -> Self {
        Refusal::Error(error.to_string())
    }
}

pub fn error<T>(message: impl Into<String>) -> Answer<T> {
    Err(Refusal::Error(message.into()))
}

pub fn unsupported<T>(reason: impl Into<String>) -> Answer<T> {
    Err(Refusal::Unsupported(reason.into()))
}

pub type Encoder = fn(&Value) -> Answer<Vec<u8>>;
pub type Decoder = fn(Vec<u8>) -> Answer<Value>;

/// What one oracle can do, by type name.
#[derive(Default)]
pub struct Table {
    encoders: BTreeMap<String, Encoder>,
    decoders: BTreeMap<String, Decoder>,
    unsupported: BTreeMap<String, &'static str>,
    changed: BTreeMap<String, &'static [&'static str]>,
    shortest: BTreeMap<String, usize>,
}

impl Table {
    pub fn both(&mut self, name: &str, encoder: Encoder, decoder: Decoder) {
        self.encode(name, encoder);
        self.decode(name, decoder);
    }

    pub fn encode(&mut self, name: &str, encoder: Encoder) {
        self.encoders.insert(name.to_string(), encoder);
    }

    pub fn decode(&mut self, name: &str, decoder: Decoder) {
        self.decoders.insert(name.to_string(), decoder);
    }

    /// Names a type of which the crate knows nothing, with the reason.
    pub fn lacks(&mut self, name: &str, reason: &'static str) {
        self.unsupported.insert(name.to_string(), reason);
    }

    /// Names what the crate's decoder does not show as it is on the wire: `field: what it does`.
    pub fn changes(&mut self, name: &str, fields: &'static [&'static str]) {
        self.changed.insert(name.to_string(), fields);
    }

    /// Names a type of which the crate's decoder refuses payloads under this size, although they may be well formed.
    pub fn refuses_below(&mut self, name: &str, bytes: usize) {
        self.shortest.insert(name.to_string(), bytes);
    }

    fn types(&self) -> Value {
        json!({
            "encode": self.encoders.keys().collect::<Vec<_>>(),
            "decode": self.decoders.keys().collect::<Vec<_>>(),
            "unsupported": self.unsupported,
            "changes": self.changed,
            "shortest": self.shortest,
        })
    }

    fn answer(&self, request: &Value) -> Answer<Value> {
        let op = text(request, "op")?;
        if op == "types" {
            return Ok(self.types());
        }
        let name = text(request, "type")?;
        match op.as_str() {
            "encode" => match self.encoders.get(&name) {
                Some(encoder) => Ok(json!({ "hex": hex::encode(encoder(field(request, "value")?)?) })),
                None => self.missing(&name, "no encoder for this type"),
            },
            "decode" => match self.decoders.get(&name) {
                Some(decoder) => Ok(json!({ "value": decoder(bytes(request, "hex")?)? })),
                None => self.missing(&name, "no decoder for this type"),
            },
            _ => error(format!("unknown op {op}")),
        }
    }

    fn missing(&self, name: &str, reason: &str) -> Answer<Value> {
        unsupported(self.unsupported.get(name).copied().unwrap_or(reason))
    }

    /// Serves standard input until it ends. A panic inside a crate is an answer like any other.
    pub fn serve(&self) {
        std::panic::set_hook(Box::new(|_| {}));
        let mut output = std::io::stdout().lock();
        for line in std::io::stdin().lock().lines() {
            let Ok(line) = line else { return };
            let answer = catch_unwind(AssertUnwindSafe(|| {
                serde_json::from_str::<Value>(&line).map_err(Refusal::from).and_then(|request| self.answer(&request))
            }));
            let shown = match answer {
                Ok(Ok(value)) => value,
                Ok(Err(Refusal::Error(message))) => json!({ "error": message }),
                Ok(Err(Refusal::Unsupported(reason))) => json!({ "unsupported": reason }),
                Err(panic) => json!({ "error": format!("panic: {}", panic_text(&*panic)) }),
            };
            if writeln!(output, "{shown}").and_then(|()| output.flush()).is_err() {
                return;
            }
        }
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => (*text).to_string(),
        (_, Some(text)) => text.clone(),
        _ => "no message".to_string(),
    }
}
