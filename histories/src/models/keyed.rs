//! One register for each key, as Jepsen's independent workloads have them: values are [key
//! value].

use super::calls::Call;
use happens_before::check::linear::{
    Effect, Outcomes, Register, RegisterInput, RegisterOutput, Specification, Value,
};

/// The key and the value of a keyed value.
pub fn split(value: &Value) -> Option<(&Value, &Value)> {
    match value {
        Value::List(pair) => match pair.as_slice() {
            [key, value] => Some((key, value)),
            _ => None,
        },
        _ => None,
    }
}

/// What a register holds according to a value, which may name the register, too.
pub fn held(value: &Value, keyed: bool) -> Option<&Value> {
    if keyed { split(value).map(|(_, value)| value) } else { Some(value) }
}

/// Whether all operations on registers have such values.
pub fn is_keyed(calls: &[Call]) -> bool {
    let fits = |call: &Call| match call.asked() {
        ("cas", value) => split(value).is_some_and(|(_, pair)| split(pair).is_some()),
        (_, value) => split(value).is_some() && call.answer().is_none_or(|it| split(it).is_some()),
    };
    !calls.is_empty() && calls.iter().all(fits)
}

/// What there is to say about that.
pub fn assumed(keyed: bool) -> Vec<String> {
    let words = "values are [key value], a register for each key (guessed)";
    keyed.then(|| words.to_string()).into_iter().collect()
}

/// Registers by keys; each is a part.
pub struct Keyed(pub Register<Value>);

/// What is asked of which register; of the only one if there is no key.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyedInput {
    pub key: Option<Value>,
    pub input: RegisterInput<Value>,
}

impl Specification for Keyed {
    type State = Option<Value>;
    type Input = KeyedInput;
    type Output = RegisterOutput<Value>;
    type Key = Value;

    const LOOKS_AHEAD: bool = true;

    fn start(&self) -> Option<Value> {
        self.0.start()
    }

    fn step(
        &self,
        state: &Option<Value>,
        asked: &KeyedInput,
        output: Option<&RegisterOutput<Value>>,
    ) -> Outcomes<Option<Value>> {
        self.0.step(state, &asked.input, output)
    }

    fn only_reads(&self, asked: &KeyedInput, output: Option<&RegisterOutput<Value>>) -> bool {
        self.0.only_reads(&asked.input, output)
    }

    fn tells(&self, asked: &KeyedInput, output: &RegisterOutput<Value>) -> bool {
        self.0.tells(&asked.input, output)
    }

    fn part(&self, asked: &KeyedInput) -> Option<Value> {
        asked.key.clone()
    }

    fn can_lead(
        &self,
        state: &Option<Value>,
        (asked, output): (&KeyedInput, &RegisterOutput<Value>),
        others: &[&KeyedInput],
    ) -> bool {
        let others: Vec<_> = others.iter().map(|other| &other.input).collect();
        self.0.can_lead(state, (&asked.input, output), &others)
    }

    fn repeats(&self, asked: &KeyedInput) -> bool {
        self.0.repeats(&asked.input)
    }

    fn effects(
        &self,
        operations: &[(&KeyedInput, Option<&RegisterOutput<Value>>)],
    ) -> Option<Vec<Effect>> {
        let plain: Vec<_> =
            operations.iter().map(|(asked, output)| (&asked.input, *output)).collect();
        self.0.effects(&plain)
    }

    fn name_input(&self, asked: &KeyedInput) -> String {
        let name = self.0.name_input(&asked.input);
        match &asked.key {
            Some(key) => format!("{name} of {key}"),
            None => name,
        }
    }

    fn name_output(&self, output: &RegisterOutput<Value>) -> String {
        self.0.name_output(output)
    }

    fn name_state(&self, state: &Option<Value>) -> String {
        self.0.name_state(state)
    }
}
