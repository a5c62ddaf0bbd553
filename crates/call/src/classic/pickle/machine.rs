//! Walks a pickle's opcodes with a stack, as Python does, but for pictures only.
//!
//! In: a pickle. Out: the picture's bytes, or what was wrong and where. Memory: the decoded bytes,
//! which are no more than came in, and a handful of small values; their number is limited.

use super::Refused;
use super::opcodes::{Op, Opcodes};
use super::value::{Name, Value};

/// Values on the stack at once; pictures need 14.
const MAX_STACK: usize = 16;

/// Values that are remembered; pictures have 21.
const MAX_MEMO: usize = 32;

/// Opcodes; pictures have 69 at most.
const MAX_OPCODES: usize = 128;

#[derive(Debug)]
struct Machine<'a> {
    ops: Opcodes<'a>,
    stack: Vec<Value<'a>>,
    memo: Vec<Value<'a>>,
}

/// The bytes of the picture in a pickle. Executes nothing.
///
/// # Errors
/// When it is anything else than one array of bytes, or bytes, as Python pickles them.
pub fn read(pickle: &[u8]) -> Result<Vec<u8>, Refused> {
    let mut machine = Machine { ops: Opcodes::new(pickle), stack: Vec::new(), memo: Vec::new() };
    for _ in 0..MAX_OPCODES {
        match machine.ops.next()? {
            Op::Stop => return machine.finish(),
            op => machine.step(op)?,
        }
    }
    machine.ops.refuse(format!("more than {MAX_OPCODES} opcodes"))
}

impl<'a> Machine<'a> {
    fn step(&mut self, op: Op<'a>) -> Result<(), Refused> {
        let value = match op {
            Op::Nothing | Op::Stop => return Ok(()),
            Op::Put(index) => return self.put(index),
            Op::Memoize => return self.put(u32::try_from(self.memo.len()).unwrap_or(u32::MAX)),
            Op::Get(index) => self.get(index)?,
            Op::Mark => Value::Mark,
            Op::None => Value::None,
            Op::Bool(flag) => Value::Bool(flag),
            Op::Int(number) => Value::Int(number),
            Op::Content(content) => Value::Content(content),
            Op::Global(module, name) => self.name(module, name)?,
            Op::StackGlobal => self.stack_name()?,
            Op::Tuple => self.tuple()?,
            Op::TupleOf(count) => self.tuple_of(count)?,
            Op::Reduce => self.join(Value::reduce, "a call of something else")?,
            Op::Build => self.join(Value::build, "a state of something else")?,
        };
        if self.stack.len() == MAX_STACK {
            return self.ops.refuse("too many values");
        }
        self.stack.push(value);
        Ok(())
    }

    fn pop(&mut self) -> Result<Value<'a>, Refused> {
        match self.stack.pop() {
            Some(value) => Ok(value),
            None => self.ops.refuse("nothing to take"),
        }
    }

    /// Python numbers them one after the other, and so it must be.
    fn put(&mut self, index: u32) -> Result<(), Refused> {
        match self.stack.last() {
            Some(value) if self.memo.len() < MAX_MEMO && index as usize == self.memo.len() => {
                self.memo.push(value.clone());
                Ok(())
            }
            _ => self.ops.refuse(format!("a place {index} to remember")),
        }
    }

    fn get(&self, index: u32) -> Result<Value<'a>, Refused> {
        match self.memo.get(index as usize) {
            Some(value) => Ok(value.clone()),
            None => self.ops.refuse(format!("a place {index} where nothing is")),
        }
    }

    fn name(&self, module: &[u8], name: &[u8]) -> Result<Value<'a>, Refused> {
        match Name::of(module, name) {
            Some(name) => Ok(Value::Name(name)),
            None => {
                let (module, name) = (module.escape_ascii(), name.escape_ascii());
                self.ops.refuse(format!("the name {module}.{name}"))
            }
        }
    }

    fn stack_name(&mut self) -> Result<Value<'a>, Refused> {
        match (self.pop()?, self.pop()?) {
            (Value::Content(name), Value::Content(module)) => {
                self.name(module.short_text(), name.short_text())
            }
            _ => self.ops.refuse("a name that is no text"),
        }
    }

    fn tuple(&mut self) -> Result<Value<'a>, Refused> {
        match self.stack.iter().rposition(|value| *value == Value::Mark) {
            Some(mark) => {
                let items = self.stack.split_off(mark + 1);
                self.stack.pop();
                self.checked(items)
            }
            None => self.ops.refuse("a tuple that has no beginning"),
        }
    }

    fn tuple_of(&mut self, count: usize) -> Result<Value<'a>, Refused> {
        match self.stack.len().checked_sub(count) {
            Some(first) => {
                let items = self.stack.split_off(first);
                self.checked(items)
            }
            None => self.ops.refuse("nothing to take"),
        }
    }

    fn checked(&self, items: Vec<Value<'a>>) -> Result<Value<'a>, Refused> {
        Value::tuple(items).map_or_else(|| self.ops.refuse("a tuple that is too large"), Ok)
    }

    fn join(
        &mut self,
        join: impl Fn(&Value<'a>, &Value<'a>) -> Option<Value<'a>>,
        otherwise: &str,
    ) -> Result<Value<'a>, Refused> {
        let (second, first) = (self.pop()?, self.pop()?);
        join(&first, &second).map_or_else(|| self.ops.refuse(otherwise), Ok)
    }

    fn finish(mut self) -> Result<Vec<u8>, Refused> {
        if !self.ops.is_at_end() {
            return self.ops.refuse("more after the end");
        }
        let value = self.pop()?;
        let Some((content, length)) = value.picture().filter(|_| self.stack.is_empty()) else {
            return self.ops.refuse("something that is no picture");
        };
        let bytes = content.decode(self.ops.at())?;
        if length.is_some_and(|length| usize::try_from(length) != Ok(bytes.len())) {
            return self.ops.refuse(format!("a picture of another length than {}", bytes.len()));
        }
        Ok(bytes)
    }
}
