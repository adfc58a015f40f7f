//! Canonical JSON as in RFC 8785 (JCS): members sorted by the UTF-16 code units of their names, no white space, numbers as
//! ECMAScript prints them, and only the escapes that JSON demands.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use core::fmt::Write;
use serde_json::{Number, Value};

/// Why a value has no canonical form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JcsError {
    /// Every JSON number is a double in RFC 8785; rounding one silently would sign something else than was meant.
    #[error("the integer {0} would become another one as a double; write it as a string")]
    Inexact(String),
    /// JSON has no infinities.
    #[error("the number {0} is too large for a double")]
    NotFinite(String),
}

/// The canonical text of a value.
///
/// Integers beyond 2^53 are refused, rather than rounded, when the double nearest to them is written with other digits.
pub fn to_string(value: &Value) -> Result<String, JcsError> {
    let mut out = String::new();
    write_value(value, &mut out)?;
    Ok(out)
}

fn write_value(value: &Value, out: &mut String) -> Result<(), JcsError> {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => write_number(number, out)?,
        Value::String(text) => write_string(text, out),
        Value::Array(items) => {
            out.push('[');
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                write_value(item, out)?;
            }
            out.push(']');
        }
        Value::Object(members) => {
            // The map's own order is by UTF-8 or, with serde_json's `preserve_order`, that of the text: neither serves.
            let mut members: Vec<_> = members.iter().collect();
            members.sort_unstable_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            out.push('{');
            for (position, (name, member)) in members.into_iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                write_string(name, out);
                out.push(':');
                write_value(member, out)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

fn write_number(number: &Number, out: &mut String) -> Result<(), JcsError> {
    let double =
        number.as_f64().filter(|double| double.is_finite()).ok_or_else(|| JcsError::NotFinite(number.to_string()))?;
    let mut buffer = ryu_js::Buffer::new();
    let text = buffer.format_finite(double);
    // Compared as text and not as values, so that a canonical text always is its own canonical text.
    if (number.is_i64() || number.is_u64()) && text != number.to_string() {
        return Err(JcsError::Inexact(number.to_string()));
    }
    out.push_str(text);
    Ok(())
}

fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\0'..='\u{1f}' => {
                // Writing to a String never fails.
                let _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}
