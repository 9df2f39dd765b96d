//! A client program: `<program> <verb> key=value...` in, JSON lines out.

use crate::{Answer, Refusal, Value, error, json};
use std::collections::HashMap;
use std::str::FromStr;

pub struct Arguments {
    pub verb: String,
    values: HashMap<String, String>,
}

impl Arguments {
    pub fn from_command_line() -> Answer<Self> {
        let mut words = std::env::args().skip(1);
        let verb = words.next().ok_or_else(|| Refusal::Error("no verb given; try: verbs".to_string()))?;
        let mut values = HashMap::new();
        for word in words {
            match word.split_once('=') {
                Some((key, value)) => values.insert(key.to_string(), value.to_string()),
                None => return error(format!("not key=value: {word}")),
            };
        }
        Ok(Arguments { verb, values })
    }

    pub fn text(&self, key: &str) -> Answer<&str> {
        match self.values.get(key) {
            Some(value) => Ok(value),
            None => error(format!("argument {key}= is missing")),
        }
    }

    pub fn text_or<'a>(&'a self, key: &str, default: &'a str) -> &'a str {
        self.values.get(key).map_or(default, String::as_str)
    }

    pub fn number<T: FromStr>(&self, key: &str) -> Answer<T> {
        let value = self.text(key)?;
        value.parse().map_err(|_| Refusal::Error(format!("argument {key}={value} is not a number")))
    }

    pub fn number_or<T: FromStr>(&self, key: &str, default: T) -> Answer<T> {
        if self.values.contains_key(key) { self.number(key) } else { Ok(default) }
    }
}

pub fn emit(line: Value) {
    println!("{line}");
}

/// Turns the result of the program into its last line and exit code.
pub fn finish(result: Answer<()>) -> std::process::ExitCode {
    match result {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(Refusal::Error(message) | Refusal::Unsupported(message)) => {
            emit(json!({ "event": "error", "message": message }));
            std::process::ExitCode::FAILURE
        }
    }
}
