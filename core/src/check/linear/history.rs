//! Histories as plain data: who called what when, and what came back. Judges nothing.

use alloc::vec::Vec;

/// How an operation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Return<O> {
    /// When, in the unit of the source; only the order counts.
    pub time: u64,
    /// Line or index in the source.
    pub source: u64,
    /// What came back.
    pub output: O,
}

/// One operation of one process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation<I, O> {
    /// Who called.
    pub process: u64,
    /// What was asked.
    pub input: I,
    /// When, in the unit of the source; only the order counts.
    pub call: u64,
    /// Line or index of the call in the source.
    pub source: u64,
    /// Its end; none if it never returned: then it may take effect at any time after its call,
    /// or never.
    pub end: Option<Return<O>>,
}

impl<I, O> Operation<I, O> {
    /// The result, if it returned.
    pub fn output(&self) -> Option<&O> {
        self.end.as_ref().map(|end| &end.output)
    }
}

/// Why an event does not belong into a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HistoryError {
    /// A return of an operation that was never called.
    NeverCalled,
    /// An operation returns for the second time.
    ReturnedBefore,
    /// An operation returns before its call.
    ReturnsBeforeCall,
}

/// Operations with the times of their calls and returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History<I, O> {
    operations: Vec<Operation<I, O>>,
}

impl<I, O> Default for History<I, O> {
    fn default() -> Self {
        History { operations: Vec::new() }
    }
}

impl<I, O> History<I, O> {
    /// Nothing has happened.
    pub fn new() -> Self {
        Self::default()
    }

    /// A process calls; the index of the new operation comes back. `source` is the line or index
    /// that reports will name.
    pub fn call(&mut self, process: u64, time: u64, source: u64, input: I) -> usize {
        self.operations.push(Operation { process, input, call: time, source, end: None });
        self.operations.len() - 1
    }

    /// An operation returns.
    ///
    /// # Errors
    /// If there is no such operation, if it has returned already, or if it would return before
    /// its call.
    pub fn returns(
        &mut self,
        operation: usize,
        time: u64,
        source: u64,
        output: O,
    ) -> Result<(), HistoryError> {
        let operation = self.operations.get_mut(operation).ok_or(HistoryError::NeverCalled)?;
        if operation.end.is_some() {
            return Err(HistoryError::ReturnedBefore);
        }
        if time < operation.call {
            return Err(HistoryError::ReturnsBeforeCall);
        }
        operation.end = Some(Return { time, source, output });
        Ok(())
    }

    /// All operations, in the order in which they were added.
    pub fn operations(&self) -> &[Operation<I, O>] {
        &self.operations
    }

    /// How many operations.
    pub fn len(&self) -> usize {
        self.operations.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }
}
